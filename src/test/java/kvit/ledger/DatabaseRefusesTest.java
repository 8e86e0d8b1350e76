package kvit.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import kvit.money.Currency;
import kvit.source.Ids;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestPerson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;

/** The second fence: what the database refuses to anybody who gets as far as its SQL. */
@KvitTest
class DatabaseRefusesTest {

    private static final String CHECK = "23514";
    private static final String PRIVILEGE = "42501";

    @Inject TestBooks books;
    @Inject Ids ids;

    Account anna;
    Account boris;
    Account euros;

    @BeforeEach
    void accounts() {
        anna = books.wallet(10_00);
        boris = books.wallet(5_00);
        euros = books.wallet(5_00, Currency.EUR);
    }

    private record Leg(Account account, long sequence, long minor, long balanceAfter) {}

    @Test
    void acceptsAPostingThatIsOne() throws SQLException {
        try (var connection = Sql.asApp()) {
            connection.setAutoCommit(false);
            posting(connection, leg(anna, -1_00, 9_00), leg(boris, 1_00, 6_00));
            connection.rollback();
        }
    }

    @Test
    void refusesEntriesThatMoveNoBalance() {
        assertRefused("entry_followed", leg(anna, -1_00, 9_00), leg(boris, 1_00, 6_00));
    }

    @Test
    void refusesEntriesOfAccountsThatAreNotThere() {
        var nobody = Account.wallet(ids.next(), Currency.USD);
        var noOther = Account.wallet(ids.next(), Currency.USD);
        assertRefused(
                "entry_followed",
                new Leg(nobody, 1, -1_00, -1_00),
                new Leg(noOther, 1, 1_00, 1_00));
    }

    /**
     * A table of the same name in the session's own schema would answer whatever it is filled with.
     */
    @Test
    void asksItsOwnTablesAndNoTemporaryOnes() throws SQLException {
        try (var connection = Sql.asApp()) {
            connection.setAutoCommit(false);
            run(connection, "create temp table account (id uuid, currency text, sequence bigint)");
            assertState(
                    CHECK,
                    "entry_sum",
                    () ->
                            entries(
                                    connection,
                                    ids.next(),
                                    leg(anna, -1, 9_99),
                                    leg(boris, 1_00, 6_00)));
            connection.rollback();
        }
    }

    @Test
    void refusesAnUnbalancedPosting() {
        assertRefused("entry_sum", leg(anna, -1_00, 9_00), leg(boris, 99, 5_99));
    }

    @Test
    void refusesAOneLeggedPosting() {
        assertRefused("entry_legs", leg(anna, -1_00, 9_00));
    }

    @Test
    void refusesALineOfNothing() {
        assertRefused("entry_minor_check", leg(anna, 0, 10_00), leg(boris, 0, 5_00));
    }

    @Test
    void refusesAnAccountNamedTwice() {
        assertRefused("entry_legs", leg(anna, -1_00, 9_00), new Leg(anna, 3, 1_00, 10_00));
    }

    @Test
    void refusesTwoCurrenciesInOneSum() {
        assertRefused("entry_sum", leg(anna, -1_00, 9_00), leg(euros, 1_00, 6_00));
    }

    @Test
    void refusesABalanceThatDoesNotFollow() {
        assertRefused("entry_chain", leg(anna, -1_00, 9_01), leg(boris, 1_00, 6_00));
        assertRefused("entry_chain", new Leg(anna, 3, -1_00, 9_00), leg(boris, 1_00, 6_00));
    }

    @Test
    void refusesToAddToAPostingOfThePast() throws SQLException {
        var posting = books.move(anna, boris, 1_00);
        books.post(posting);
        try (var connection = Sql.asApp()) {
            assertState(
                    CHECK,
                    "entry_legs",
                    () ->
                            entries(
                                    connection,
                                    posting.id(),
                                    new Leg(anna, 3, -1_00, 8_00),
                                    new Leg(boris, 3, 1_00, 7_00)));
        }
    }

    @Test
    void refusesToGoBelowTheFloor() throws SQLException {
        books.hold(anna, 9_00, null);
        try (var connection = Sql.asApp()) {
            for (var legs :
                    new Leg[][] {
                        {leg(anna, -10_01, -1), leg(boris, 10_01, 15_01)},
                        {leg(anna, -1_01, 8_99), leg(boris, 1_01, 6_01)}
                    }) {
                assertState(CHECK, "account_floor", () -> posting(connection, legs));
            }
        }
    }

    @Test
    void refusesAnInventedBalance() throws SQLException {
        try (var connection = Sql.asApp()) {
            assertState(CHECK, "account_balance", () -> balance(connection, anna, 1_000_00, 1));
            assertState(CHECK, "account_balance", () -> balance(connection, anna, 10_00, 2));
            books.post(books.move(anna, boris, 1_00));
            assertState(CHECK, "account_balance", () -> balance(connection, anna, 10_00, 1));
            assertState(
                    CHECK,
                    "account_held",
                    () ->
                            run(
                                    connection,
                                    "update account set held = 1 where id = '" + anna.id() + "'"));
            assertState(
                    PRIVILEGE,
                    "",
                    () ->
                            run(
                                    connection,
                                    "insert into account (id, kind, owner, currency, floor, opened_at,"
                                            + " moved_at, balance)"
                                            + " values (gen_random_uuid(), 'WALLET', gen_random_uuid(),"
                                            + " 'USD', 0, current_timestamp, current_timestamp, 5)"));
        }
    }

    @Test
    void refusesAWalletWithoutAFloorAndAWorldWithAnOwner() throws SQLException {
        try (var connection = Sql.asApp()) {
            for (var values :
                    new String[] {
                        "'WALLET', gen_random_uuid(), 'USD', null",
                        "'WALLET', gen_random_uuid(), 'USD', -1000",
                        "'WORLD', gen_random_uuid(), 'USD', null",
                        "'WALLET', gen_random_uuid(), 'usd', 0"
                    }) {
                assertState(
                        CHECK,
                        "",
                        () ->
                                run(
                                        connection,
                                        "insert into account"
                                                + " (id, kind, owner, currency, floor, opened_at, moved_at)"
                                                + " values (gen_random_uuid(), "
                                                + values
                                                + ", current_timestamp, current_timestamp)"));
            }
        }
    }

    /** The grants stop the service. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "update entry set minor = minor + 1",
                "delete from entry",
                "truncate entry cascade",
                "update posting set kind = 'x'",
                "delete from posting",
                "truncate posting",
                "delete from account",
                "truncate account cascade",
                "update account set floor = -1",
                "update account set owner = gen_random_uuid()",
                "delete from hold",
                "truncate hold",
                "update transfer set minor = 1",
                "update transfer set note = ''",
                "delete from transfer",
                "truncate transfer",
                "alter table entry disable trigger all",
                "set session_replication_role = replica"
            })
    void refusesTheServiceToChangeThePast(String sql) throws SQLException {
        try (var connection = Sql.asApp()) {
            assertState(PRIVILEGE, "", () -> run(connection, sql));
        }
    }

    /** The triggers stop the owner of the tables as well. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "update entry set minor = minor + 1",
                "delete from entry",
                "truncate entry cascade",
                "update posting set kind = 'x'",
                "delete from posting",
                "truncate posting",
                "delete from account",
                "truncate account cascade",
                "delete from hold",
                "truncate hold",
                "delete from transfer",
                "truncate transfer cascade",
                "update cancellation set answer_status = 200",
                "delete from cancellation"
            })
    void refusesTheOwnerToChangeThePast(String sql) throws SQLException {
        try (var connection = Sql.asOwner()) {
            assertState(PRIVILEGE, "", () -> run(connection, sql));
        }
    }

    @Test
    void refusesToChangeATransfer() throws SQLException {
        var payer = TestPerson.with(5_00, "USD");
        var id = payer.send(TestPerson.fresh(), 1_00, "USD", "k").extract().path("id");
        try (var owner = Sql.asOwner();
                var app = Sql.asApp()) {
            assertState(
                    CHECK,
                    "transfer_is_final",
                    () -> run(owner, "update transfer set minor = 2 where id = '" + id + "'"));
            // It may answer what has no answer yet, and nothing twice.
            assertState(
                    CHECK,
                    "transfer_is_final",
                    () -> run(app, "update transfer set answer = '' where id = '" + id + "'"));
            assertState(
                    CHECK,
                    "transfer_refunded",
                    () -> run(app, "update transfer set refunded = 101 where id = '" + id + "'"));
        }
    }

    @Test
    void refusesToSettleAHoldTwice() throws SQLException {
        var hold = books.hold(anna, 1_00, null);
        books.release(anna, hold);
        try (var connection = Sql.asApp()) {
            assertState(
                    CHECK,
                    "hold_settles_once",
                    () ->
                            run(
                                    connection,
                                    "update hold set state = 'PENDING', settled_at = null where id = '"
                                            + hold
                                            + "'"));
        }
    }

    /** The last fence: whoever switches the triggers off leaves a trace that the view finds. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "update entry set minor = minor + 1 where account = ?::uuid and sequence = 1",
                "delete from entry where account = ?::uuid",
                "update account set balance = balance + 1 where id = ?::uuid",
                "update account set held = 1 where id = ?::uuid",
                "update account set sequence = 7 where id = ?::uuid",
                "delete from posting where id in (select posting from entry where account = ?::uuid)"
            })
    void findsWhatWasBentBehindItsBack(String bend) throws SQLException {
        try (var connection = Sql.asOwner()) {
            connection.setAutoCommit(false);
            for (var table : new String[] {"entry", "posting", "account"}) {
                run(connection, "alter table " + table + " disable trigger user");
            }
            assertThat(findings(connection)).isZero();
            try (var statement = connection.prepareStatement(bend)) {
                statement.setString(1, anna.id().toString());
                assertThat(statement.executeUpdate()).isPositive();
            }
            assertThat(findings(connection)).isPositive();
            connection.rollback();
        }
    }

    private static int findings(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select count(*) from books_discrepancy")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private Leg leg(Account account, long minor, long balanceAfter) {
        return new Leg(account, 2, minor, balanceAfter);
    }

    private void assertRefused(String constraint, Leg... legs) {
        try (var connection = Sql.asApp()) {
            assertState(CHECK, constraint, () -> entries(connection, ids.next(), legs));
        } catch (SQLException e) {
            fail(e);
        }
    }

    private interface Statement {
        void run() throws SQLException;
    }

    private static void assertState(String state, String constraint, Statement statement) {
        assertThatThrownBy(statement::run)
                .isInstanceOfSatisfying(
                        SQLException.class,
                        it -> {
                            assertThat(it.getSQLState()).as(it.getMessage()).isEqualTo(state);
                            var server = ((PSQLException) it).getServerErrorMessage();
                            if (!constraint.isEmpty()) {
                                assertThat(server.getConstraint()).isEqualTo(constraint);
                            }
                        });
    }

    private static void entries(Connection connection, UUID posting, Leg... legs)
            throws SQLException {
        var values = new StringBuilder();
        for (var leg : legs) {
            values.append(values.isEmpty() ? "" : ", ").append(values(leg, posting));
        }
        run(
                connection,
                "insert into entry (account, sequence, posting, minor, balance_after, at) values "
                        + values);
    }

    /** As the ledger writes it: entries and balances in one statement. */
    private void posting(Connection connection, Leg... legs) throws SQLException {
        var posting = ids.next();
        var entries = new StringBuilder();
        var balances = new StringBuilder();
        for (var leg : legs) {
            entries.append(entries.isEmpty() ? "" : ", ").append(values(leg, posting));
            balances.append(balances.isEmpty() ? "" : ", ")
                    .append(
                            "('%s'::uuid, %d, %d)"
                                    .formatted(
                                            leg.account().id(),
                                            leg.balanceAfter(),
                                            leg.sequence()));
        }
        run(
                connection,
                "with written as (insert into entry"
                        + " (account, sequence, posting, minor, balance_after, at) values "
                        + entries
                        + ") update account a set balance = s.balance, sequence = s.sequence from (values "
                        + balances
                        + ") as s (id, balance, sequence) where a.id = s.id");
    }

    private static String values(Leg leg, UUID posting) {
        return "('%s', %d, '%s', %d, %d, '2999-01-01')"
                .formatted(
                        leg.account().id(),
                        leg.sequence(),
                        posting,
                        leg.minor(),
                        leg.balanceAfter());
    }

    private static void balance(Connection connection, Account account, long balance, long sequence)
            throws SQLException {
        run(
                connection,
                "update account set balance = %d, sequence = %d where id = '%s'"
                        .formatted(balance, sequence, account.id()));
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
