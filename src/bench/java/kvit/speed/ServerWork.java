package kvit.speed;

import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import kvit.packaged.Postgres;
import kvit.packaged.Postgres.Role;

/**
 * What PostgreSQL has moved since its statistics began, by its own counters: CPU alone does not say
 * why books that have grown are slower. The counters of a session may be a second old.
 *
 * @param log bytes written to the log
 * @param fullPages pages that went into the log as a whole, being changed for the first time since
 *     a checkpoint
 * @param pagesRead into shared buffers
 * @param writtenBySessions pages that whoever carries out a transfer had to write first, to have
 *     room for another
 * @param written pages, by all the others
 * @param checkpoints that have ended
 * @param readOf pages read, by table or index
 */
record ServerWork(
        double log,
        double fullPages,
        double pagesRead,
        double writtenBySessions,
        double written,
        double checkpoints,
        Map<String, Double> readOf) {

    static final String HEADING =
            """
            | scenario | log, KB a transfer | full pages a transfer | pages read a transfer \
            | of these the most | pages written by sessions a transfer | by others | checkpoints |
            |---|---|---|---|---|---|---|---|
            """;

    private static final double BYTES_PER_KB = 1_024;
    private static final int NAMED = 4;

    private static final String TOTALS =
            """
            select w.wal_bytes, w.wal_fpi, i.read, i.by_sessions, i.by_others, c.num_done
              from pg_stat_wal w,
                   pg_stat_checkpointer c,
                   (select sum(read_bytes) / 8192 as read,
                           sum(write_bytes) filter (where backend_type = 'client backend') / 8192
                               as by_sessions,
                           sum(write_bytes) filter (where backend_type <> 'client backend') / 8192
                               as by_others
                      from pg_stat_io
                     where object = 'relation') i
            """;

    private static final String RELATIONS =
            """
            select relname, heap_blks_read + coalesce(toast_blks_read, 0)
              from pg_statio_user_tables
            union all
            select indexrelname, idx_blks_read
              from pg_statio_user_indexes
            """;

    static ServerWork of(Postgres postgres) throws SQLException {
        try (var connection = postgres.connect(Role.OWNER);
                var statement = connection.createStatement()) {
            var readOf = new TreeMap<String, Double>();
            try (var row = statement.executeQuery(RELATIONS)) {
                while (row.next()) {
                    readOf.merge(row.getString(1), row.getDouble(2), Double::sum);
                }
            }
            try (var row = statement.executeQuery(TOTALS)) {
                row.next();
                return new ServerWork(
                        row.getDouble(1),
                        row.getDouble(2),
                        row.getDouble(3),
                        row.getDouble(4),
                        row.getDouble(5),
                        row.getDouble(6),
                        readOf);
            }
        }
    }

    ServerWork minus(ServerWork before) {
        var readSince = new TreeMap<String, Double>();
        readOf.forEach(
                (name, pages) ->
                        readSince.put(name, pages - before.readOf.getOrDefault(name, 0.0)));
        return new ServerWork(
                log - before.log,
                fullPages - before.fullPages,
                pagesRead - before.pagesRead,
                writtenBySessions - before.writtenBySessions,
                written - before.written,
                checkpoints - before.checkpoints,
                readSince);
    }

    /**
     * @param transfers that were carried out meanwhile
     */
    String line(String scenario, long transfers) {
        return Report.format(
                "| %s | %.1f | %.3f | %.3f | %s | %.3f | %.3f | %.0f |",
                scenario,
                log / BYTES_PER_KB / transfers,
                fullPages / transfers,
                pagesRead / transfers,
                mostRead(transfers),
                writtenBySessions / transfers,
                written / transfers,
                checkpoints);
    }

    private String mostRead(long transfers) {
        return readOf.entrySet().stream()
                .filter(it -> it.getValue() > 0)
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(NAMED)
                .map(it -> Report.format("%s %.3f", it.getKey(), it.getValue() / transfers))
                .collect(Collectors.joining(", "));
    }
}
