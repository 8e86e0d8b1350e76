package kvit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import kvit.database.Database;

/** Reads from the tables session, customer and client_app what ends the life of tokens. */
@ApplicationScoped
class AdmissionStore implements Admissions.Source {

    /**
     * Beyond their own life, in case the clocks of replicas and database differ, or one is set
     * back: asking for too much costs nothing.
     */
    private static final Duration TOKENS_MAY_OUTLIVE = Duration.ofHours(1);

    /**
     * Takes three times since which moment and for how many seconds tokens live. The bound is
     * written out at each comparison: from a sub-select the planner could not tell that it leaves
     * hardly any rows, and would read the whole table once most of its sessions have ended.
     */
    static final String QUESTION =
            """
            select now(),
                   array(select id from session
                          where ended_at > greatest(?, now() - ? * interval '1 second')),
                   array(select id from customer
                          where blocked_at > greatest(?, now() - ? * interval '1 second')
                            and state = 'BLOCKED'),
                   array(select id from customer
                          where blocked_at > greatest(?, now() - ? * interval '1 second')
                            and state <> 'BLOCKED')
            """;

    private static final int BOUNDS = 3;

    private record Changes(
            Instant at, List<UUID> ended, List<UUID> blocked, List<UUID> unblocked) {}

    private final Database database;
    private final long tokensLiveSeconds;

    AdmissionStore(Database database, IdentityConfig config) {
        this.database = database;
        this.tokensLiveSeconds = tokensLive(config).toSeconds();
    }

    /** For so long after its end, a session may still have tokens that seem good. */
    static Duration tokensLive(IdentityConfig config) {
        return config.accessTokenLife().plus(TOKENS_MAY_OUTLIVE);
    }

    /** By the database's clock, which has stamped what is asked for; never by ours. */
    @Override
    public Admissions.News since(Instant after) {
        var changes =
                database.find(
                                QUESTION,
                                in -> {
                                    for (var bound = 0; bound < BOUNDS; bound++) {
                                        in.time(after).number(tokensLiveSeconds);
                                    }
                                },
                                AdmissionStore::read)
                        .orElseThrow();
        var clients =
                ClientApps.all(database).stream()
                        .collect(Collectors.toUnmodifiableMap(it -> it.app.id(), it -> it));
        return new Admissions.News(
                changes.at, changes.ended, changes.blocked, changes.unblocked, clients);
    }

    private static Changes read(ResultSet row) throws SQLException {
        return new Changes(row.getTimestamp(1).toInstant(), ids(row, 2), ids(row, 3), ids(row, 4));
    }

    private static List<UUID> ids(ResultSet row, int column) throws SQLException {
        return Arrays.asList((UUID[]) row.getArray(column).getArray());
    }
}
