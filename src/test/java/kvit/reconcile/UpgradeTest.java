package kvit.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kvit.support.KvitTest;
import kvit.support.Sql;
import org.eclipse.microprofile.config.ConfigProvider;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/** What files and statements could be before, and are where somebody upgrades. */
@KvitTest
class UpgradeTest {

    private static final String SCHEMA = "upgraded_settlements";

    /** The last that took an account by two sources, and a batch in two files. */
    private static final String BEFORE = "reconciliation";

    private static final String STATEMENTS =
            """
            insert into settlement_source (code, version, name, kind, format, currency, account,
                                           expected_days, country, active, changed_at)
            values ('replaced', 1, 'x', 'BANK', 'CAMT053', null, 'DE1', 2, 'DE', false, '2026-01-01'),
                   ('nameless', 1, 'x', 'BANK', 'CAMT053', null, null, 2, 'DE', true, '2026-01-01'),
                   ('newer', 1, 'x', 'BANK', 'CAMT053', null, 'DE1', 2, 'DE', true, '2026-01-01'),
                   ('empty', 1, 'x', 'BANK', 'CAMT053', null, 'DE1', 2, 'DE', true, '2026-01-01'),
                   ('other', 1, 'x', 'BANK', 'CAMT053', null, 'DE2', 2, 'DE', true, '2026-01-01');

            insert into settlement_file (id, source, source_version, sha256, name, bytes, received_at,
                                         uploaded_by, state, currency, opening_minor, closing_minor,
                                         line_count)
            select '00000000-0000-7000-8000-000000000001', 'newer', 1, sha256('1'), 'x', 1,
                   '2026-01-01', 'a@b.c', 'VALIDATED', 'EUR', 0, 0, 0;

            insert into settlement_statement (source, account, currency, sequence, previous, file, name,
                                              opening_minor, closing_minor, opened_on, closed_on,
                                              line_count)
            select source, account, 'EUR', sequence, nullif(sequence - 1, 0),
                   '00000000-0000-7000-8000-000000000001', 'x', 10 * (sequence - 1), 10 * sequence,
                   cast(day as date), cast(day as date), 0
              from (values ('newer', 'DE1', 1, '2026-11-03'), ('replaced', 'DE1', 1, '2026-10-01'),
                           ('nameless', 'DE1', 1, '2026-11-01'), ('nameless', 'DE1', 2, '2026-11-02'),
                           ('replaced', 'DE1', 2, '2026-10-02'), ('replaced', 'DE1', 3, '2026-10-03'),
                           ('other', 'DE2', 1, '2026-10-01'), ('other', 'DE2', 2, '2026-10-02'))
                as t (source, account, sequence, day);
            """;

    /** Named by their batch, or by nothing: the first and the second about it, posted or not. */
    private static final String FILES =
            """
            insert into settlement_source (code, version, name, kind, format, profile, expected_days,
                                           country, active, changed_at)
            values ('processor', 1, 'x', 'PROCESSOR', 'CSV', '{}', 2, 'DE', true, '2026-01-01');

            insert into settlement_file (id, source, source_version, sha256, name, bytes, received_at,
                                         uploaded_by, state, fault, errors, batch, currency,
                                         booked_from, booked_to, line_count)
            select cast('00000000-0000-7000-8000-0000000000' || number as uuid), 'processor', 1,
                   sha256(cast(name as bytea)), name, 1, '2026-01-01', 'a@b.c', state,
                   case state when 'REJECTED' then 'UNPARSEABLE' end,
                   case state when 'REJECTED' then cast('[]' as jsonb) end, batch, 'EUR',
                   '2026-11-01', '2026-11-01', case state when 'VALIDATED' then 1 end
              from (values (11, 'both wait, first', 'VALIDATED', '41'),
                           (12, 'both wait, second', 'VALIDATED', '41'),
                           (13, 'second posted, first', 'VALIDATED', '42'),
                           (14, 'second posted, second', 'VALIDATED', '42'),
                           (15, 'days, first', 'VALIDATED', null),
                           (16, 'days, second', 'VALIDATED', null),
                           (17, 'alone', 'VALIDATED', '43'),
                           (18, 'refused', 'REJECTED', null))
                as f (number, name, state, batch);

            insert into recon_clearing (currency) values ('EUR');
            insert into recon_run (id, currency, rule_set, files, hash, state, summary, reason,
                                   created_by, created_at, approved_by, ended_at)
            select id, 'EUR', 1, array[id], sha256('1'), 'POSTED', '{}', 'x', 'a', '2026-01-01', 'b',
                   '2026-01-01'
              from settlement_file where name = 'second posted, second';
            insert into recon_file (file, run) select id, id from recon_run;
            """;

    @Test
    void whatWasTakenBeforeStaysAndCountsOnce() throws SQLException, IOException {
        upTo(before()).clean();
        upTo(before()).migrate();
        try (var connection = Sql.asOwner()) {
            run(connection, "set search_path = " + SCHEMA);
            run(connection, STATEMENTS);
            run(connection, FILES);

            upTo("latest").migrate();

            oneChainGoesOn(connection);
            noBatchIsExplainedAgain(connection);
            run(connection, "drop schema " + SCHEMA + " cascade");
        }
    }

    private static void oneChainGoesOn(Connection connection) throws SQLException {
        assertThat(
                        column(
                                connection,
                                "select concat_ws(' ', account, chain, sequence, source)"
                                        + " from settlement_statement"
                                        + " order by account, chain, sequence"))
                .containsExactly(
                        "DE1 1 1 replaced",
                        "DE1 1 2 replaced",
                        "DE1 1 3 replaced",
                        "DE1 2 1 nameless",
                        "DE1 2 2 nameless",
                        "DE1 3 1 newer",
                        "DE2 1 1 other",
                        "DE2 1 2 other");
        assertThat(
                        column(
                                connection,
                                "select code from settlement_source where kind = 'BANK' and active"
                                        + " and account like 'DE_' order by code"))
                .containsExactly("newer", "other");
        assertThatThrownBy(() -> run(connection, "update settlement_statement set chain = 9"))
                .isInstanceOf(SQLException.class);
    }

    private static void noBatchIsExplainedAgain(Connection connection) throws SQLException {
        assertThat(
                        column(
                                connection,
                                "select f.name from settlement_file f where f.state = 'VALIDATED'"
                                        + " and f.source = 'processor' and "
                                        + Worlds.WAITS
                                        + " order by f.id"))
                .containsExactly("both wait, first", "days, first", "days, second", "alone");
        var good =
                "update settlement_file set state = 'VALIDATED', fault = null, errors = null,"
                        + " line_count = 1, explains = true, batch = '44' where name = 'refused'";
        run(connection, good);
        var again =
                "insert into settlement_file (id, source, source_version, sha256, name, bytes,"
                        + " received_at, uploaded_by, state, batch, currency, line_count)"
                        + " select gen_random_uuid(), source, 1, sha256('again'), 'again', 1,"
                        + " received_at, uploaded_by, state, batch, currency, 1"
                        + " from settlement_file where batch = '44'";
        assertThatThrownBy(() -> run(connection, again))
                .hasMessageContaining("settlement_file_batch");
        assertThatThrownBy(
                        () -> run(connection, "update settlement_file set explains = not explains"))
                .hasMessageContaining("stays what it is");
    }

    private static Flyway upTo(String version) {
        var config = ConfigProvider.getConfig();
        return Flyway.configure()
                .dataSource(
                        config.getValue("quarkus.datasource.jdbc.url", String.class),
                        config.getValue("quarkus.flyway.username", String.class),
                        config.getValue("quarkus.flyway.password", String.class))
                .locations("filesystem:migrations")
                .schemas(SCHEMA)
                .defaultSchema(SCHEMA)
                .placeholders(Map.of("appRole", "nobody_of_this_name"))
                .target(version)
                .cleanDisabled(false)
                .load();
    }

    private static String before() throws IOException {
        try (var files = Files.list(Path.of("migrations"))) {
            return files.map(it -> it.getFileName().toString())
                    .filter(it -> it.endsWith("__" + BEFORE + ".sql"))
                    .map(it -> it.substring(1, it.indexOf('_')))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> column(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var column = new ArrayList<String>();
            while (rows.next()) {
                column.add(rows.getString(1));
            }
            return column;
        }
    }
}
