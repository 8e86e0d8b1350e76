package kvit.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import kvit.support.KvitTest;
import kvit.support.Sql;
import org.eclipse.microprofile.config.ConfigProvider;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/**
 * What the tables of reconciliation refuse, whoever writes: each by the one rule that is named, for
 * without it the same statement goes through. In a schema of its own, where rules can be dropped.
 */
@KvitTest
class ReconcileTablesTest {

    private static final String SCHEMA = "reconciliation_rules";

    /**
     * A run that is posted with a file of two lines, a break that has parked money, and an item.
     */
    private static final String GIVEN =
            """
            insert into settlement_source (code, version, name, kind, format, profile, expected_days,
                                           country, active, changed_at)
            values ('psp', 1, 'x', 'PROCESSOR', 'CSV', '{}', 2, 'DE', true, '2026-01-01');
            insert into settlement_file (id, source, source_version, sha256, name, bytes, received_at,
                                         uploaded_by, state, batch, currency, booked_from, booked_to,
                                         line_count)
            values ('00000000-0000-7000-8000-000000000001', 'psp', 1, sha256('1'), 'x', 1, '2026-01-01',
                    'a@b.c', 'VALIDATED', '1', 'EUR', '2026-11-01', '2026-11-01', 2);
            insert into settlement_line (file, line_no, type, currency, gross_minor, fee_minor,
                                         net_minor, booked_on)
            select '00000000-0000-7000-8000-000000000001', n, 'CHARGE', 'EUR', 100, 0, 100, '2026-11-01'
              from generate_series(1, 2) n;
            insert into recon_clearing (currency) values ('EUR');
            insert into recon_run (id, currency, rule_set, files, hash, state, summary, reason,
                                   created_by, created_at, approved_by, ended_at)
            select id, 'EUR', 1, array[id], sha256('1'), 'POSTED', '{}', 'x', 'a', '2026-01-01', 'b',
                   '2026-01-01'
              from settlement_file;
            insert into recon_file (file, run) select id, id from recon_run;
            insert into recon_line (file, line_no, is_bank, rule, method, match)
            select file, line_no, false, 'our-id', 'AUTO', file from settlement_line where line_no = 1;
            insert into recon_line (file, line_no, is_bank)
            select file, line_no, false from settlement_line where line_no = 2;
            insert into recon_item (currency, item, match) select 'EUR', id, id from recon_run;
            insert into recon_break (id, type, currency, source, file, line_no, is_bank, minor, parked,
                                     fee, booked_on, run, opened_at, state)
            select id, 'UNKNOWN_EXTERNAL', 'EUR', 'psp', id, 2, false, 100, 100, 0, '2026-11-01', id,
                   '2026-01-01', 'OPEN'
              from recon_run;
            insert into recon_note (id, break, at, action, text)
            select id, id, '2026-01-01', 'note', 'x' from recon_break;
            """;

    private static final String SECOND_RUN =
            """
            insert into recon_run (id, currency, rule_set, files, hash, state, summary, reason,
                                   created_by, created_at, approved_by, ended_at)
            select gen_random_uuid(), 'EUR', 1, files, hash, %s from recon_run
            """;

    private static final String PLANNED = "'PLANNED', '{}', 'x', 'a', created_at, null, null";

    private static final String ENDED = ", resolved_at = opened_at";

    @Test
    void eachRefusalIsByTheRuleThatIsNamed() throws SQLException {
        var flyway = flyway();
        flyway.clean();
        flyway.migrate();
        try (var connection = Sql.asOwner()) {
            run(connection, "set search_path = " + SCHEMA);
            run(connection, GIVEN);
            connection.setAutoCommit(false);

            // Two people, and one plan of a currency, which stays what it was.
            constraint(
                    connection,
                    "recon_run",
                    "recon_run_four_eyes",
                    SECOND_RUN.formatted("'POSTED', '{}', 'x', 'a', created_at, 'a', ended_at"));
            run(connection, SECOND_RUN.formatted(PLANNED) + " limit 1");
            refusedBy(
                    connection,
                    "drop index recon_run_planned",
                    "recon_run_planned",
                    SECOND_RUN.formatted(PLANNED) + " limit 1");
            trigger(
                    connection,
                    "recon_run",
                    "recon_run_ends_once",
                    "update recon_run set state = 'CANCELLED' where state = 'POSTED'");
            constraint(
                    connection,
                    "recon_rule_set",
                    "recon_rule_set_check",
                    "insert into recon_rule_set select 2, rules, 'a', 'a', reason, at"
                            + " from recon_rule_set");

            // A file, a line and what was expected are dealt with once.
            constraint(
                    connection,
                    "recon_file",
                    "recon_file_pkey",
                    "insert into recon_file select * from recon_file");
            constraint(
                    connection,
                    "recon_item",
                    "recon_item_pkey",
                    "insert into recon_item select currency, item, gen_random_uuid() from recon_item");
            trigger(
                    connection,
                    "recon_line",
                    "recon_line_matches_once",
                    "update recon_line set match = gen_random_uuid() where line_no = 1");

            // Money that is parked leaves by a posting, and a break stays what it was.
            constraint(
                    connection,
                    "recon_break",
                    "recon_break_word",
                    "update recon_break set state = 'RESOLVED', resolution = 'VOID'" + ENDED);
            constraint(
                    connection,
                    "recon_break",
                    "recon_break_resolved",
                    "update recon_break set state = 'RESOLVED', resolution = null" + ENDED);
            trigger(
                    connection,
                    "recon_break",
                    "recon_break_is_what_it_was",
                    "update recon_break set parked = 0");
            trigger(connection, "recon_note", "recon_note_stays", "delete from recon_note");
            trigger(connection, "recon_item", "recon_item_stays", "delete from recon_item");
            connection.rollback();
            connection.setAutoCommit(true);
            run(connection, "drop schema " + SCHEMA + " cascade");
        }
    }

    private static void constraint(Connection connection, String table, String name, String sql)
            throws SQLException {
        var drop = "alter table %s drop constraint %s cascade".formatted(table, name);
        refusedBy(connection, drop, name, sql);
    }

    private static void trigger(Connection connection, String table, String name, String sql)
            throws SQLException {
        var drop = "alter table %s disable trigger %s".formatted(table, name);
        // Those that keep rows say what they refuse, and not by which name.
        refusedBy(connection, drop, name.endsWith("_stays") ? table : name, sql);
    }

    /** Refused by that rule; and by no other one, for without it nothing is. */
    private static void refusedBy(Connection connection, String drop, String name, String sql)
            throws SQLException {
        var before = connection.setSavepoint();
        assertThatThrownBy(() -> run(connection, sql))
                .as(sql)
                .isInstanceOf(SQLException.class)
                .satisfies(it -> assertThat(String.valueOf(it)).contains(name));
        connection.rollback(before);
        run(connection, drop);
        run(connection, sql);
        connection.rollback(before);
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Flyway flyway() {
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
                .cleanDisabled(false)
                .load();
    }
}
