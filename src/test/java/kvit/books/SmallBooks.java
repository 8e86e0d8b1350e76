package kvit.books;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import kvit.database.Statements;
import kvit.ledger.Account;
import kvit.money.Currency;
import kvit.source.Sha256;
import kvit.support.Sql;
import org.eclipse.microprofile.config.ConfigProvider;
import org.flywaydb.core.Flyway;

/**
 * A ledger of its own, in a schema of its own, by the migrations of the real one and with all of
 * its triggers: small enough to be gone through a thousand times.
 */
final class SmallBooks {

    static final String SCHEMA = "small_books";

    /** Long ago, so that its days can be closed. */
    static final Instant BEGIN = Instant.parse("2020-02-03T10:00:00Z");

    private static final int SEAL = 12;

    private final Connection connection;
    private final Random random;
    private final List<Account> wallets = new ArrayList<>();
    private final Map<UUID, Long> balances = new HashMap<>();
    private final Map<UUID, Long> sequences = new HashMap<>();
    private Instant now = BEGIN;

    private SmallBooks(Connection connection, Random random) {
        this.connection = connection;
        this.random = random;
    }

    /** Makes the schema anew. */
    static void migrate() {
        migrate(SCHEMA);
    }

    static void migrate(String schema) {
        var config = ConfigProvider.getConfig();
        var flyway =
                Flyway.configure()
                        .dataSource(
                                config.getValue("quarkus.datasource.jdbc.url", String.class),
                                config.getValue("quarkus.flyway.username", String.class),
                                config.getValue("quarkus.flyway.password", String.class))
                        .locations("filesystem:migrations")
                        .schemas(schema)
                        .defaultSchema(schema)
                        .placeholders(Map.of("appRole", "nobody_of_this_name"))
                        .cleanDisabled(false)
                        .load();
        flyway.clean();
        flyway.migrate();
    }

    /** As the owner, who may switch triggers off; in a transaction. */
    static Connection connect() throws SQLException {
        return connect(SCHEMA);
    }

    static Connection connect(String schema) throws SQLException {
        var connection = Sql.asOwner();
        connection.setAutoCommit(false);
        run(connection, "set search_path = " + schema);
        connection.commit();
        return connection;
    }

    /** Some hundred postings over five days, sealed, signed, and with two of the days closed. */
    static Head fill(Connection connection, Random random, SigningKey key) throws SQLException {
        var books = new SmallBooks(connection, random);
        books.open();
        for (var i = 0; i < 150; i++) {
            books.post();
            if (random.nextInt(3) == 0) {
                connection.commit();
            }
        }
        books.hold();
        connection.commit();
        books.seal();
        var statements = new Statements(connection);
        for (var day : List.of("2020-02-03", "2020-02-05")) {
            books.close(statements, LocalDate.parse(day));
        }
        var head = new SealStore(statements).last().orElseThrow().head();
        books.sign(statements, key, head.number());
        connection.commit();
        return head;
    }

    /** On three days, the first two before the chain went all the way. */
    private void sign(Statements statements, SigningKey key, long last) {
        var day = LocalDate.parse("2020-02-07");
        LocalDate previous = null;
        for (var number : List.of(last / 2, last - 1, last)) {
            var head = new SealStore(statements).find(number).orElseThrow().head();
            new SignatureStore(statements).insert(key.sign(day, head, now, previous));
            previous = day;
            day = day.plusDays(1);
        }
    }

    private void seal() throws SQLException {
        var sealing = new Sealing(new Statements(connection), SEAL);
        while (sealing.next(now).isPresent()) {
            connection.commit();
        }
    }

    private void close(Statements statements, LocalDate day) {
        var totals = TrialBalance.of(statements, DayTotals.begin(day.plusDays(1)), null).words();
        new PeriodStore(statements)
                .record(
                        new Closing(
                                id(),
                                day,
                                Closing.Action.CLOSED,
                                now.plusSeconds(day.getDayOfMonth()),
                                "finance@kvit.example",
                                null,
                                "month end",
                                totals,
                                HexFormat.of().formatHex(Sha256.of(totals))));
    }

    private UUID id() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private void open() throws SQLException {
        for (var currency : List.of(Currency.USD, Currency.EUR)) {
            open(Account.world(currency));
            open(Account.fees(currency));
            for (var i = 0; i < 8; i++) {
                var wallet = Account.wallet(id(), currency);
                open(wallet);
                wallets.add(wallet);
                write("funding", Map.of(wallet, 500_00L, Account.world(currency), -500_00L));
            }
        }
    }

    private void open(Account account) throws SQLException {
        run(
                connection,
                """
                insert into account (id, kind, owner, currency, floor, opened_at, moved_at)
                values (?, ?, ?, ?, ?, ?, ?)
                """,
                account.id(),
                account.kind().name(),
                account.owner(),
                account.currency().name(),
                account.owner() == null ? null : 0L,
                now.toString(),
                now.toString());
    }

    /** From one wallet to another, with a fee now and then. */
    private void post() throws SQLException {
        now = now.plus(30 + random.nextInt(60), ChronoUnit.MINUTES);
        var from = wallets.get(random.nextInt(wallets.size()));
        var others =
                wallets.stream()
                        .filter(it -> it.currency() == from.currency() && !it.equals(from))
                        .toList();
        var to = others.get(random.nextInt(others.size()));
        var minor = 1 + random.nextInt(9_00);
        if (balances.get(from.id()) < minor + 10) {
            return;
        }
        var lines = new HashMap<Account, Long>();
        lines.put(to, (long) minor);
        var fee = random.nextInt(4) == 0 ? 10L : 0L;
        lines.put(from, -minor - fee);
        if (fee > 0) {
            lines.put(Account.fees(from.currency()), fee);
        }
        write("transfer", lines);
    }

    private void write(String kind, Map<Account, Long> lines) throws SQLException {
        var posting = id();
        run(
                connection,
                "insert into posting (id, kind, effective_at, created_at) values (?, ?, ?, ?)",
                posting,
                kind,
                now.toString(),
                now.toString());
        var accounts = lines.keySet().stream().map(Account::id).toArray(UUID[]::new);
        var minors = lines.values().toArray(Long[]::new);
        var after = new Long[accounts.length];
        var numbers = new Long[accounts.length];
        for (var i = 0; i < accounts.length; i++) {
            after[i] = balances.merge(accounts[i], minors[i], Long::sum);
            numbers[i] = sequences.merge(accounts[i], 1L, Long::sum);
        }
        run(
                connection,
                """
                with lines as (
                    select * from unnest(?::uuid[], ?::bigint[], ?::bigint[], ?::bigint[])
                        as x (account, sequence, minor, balance_after)
                ), written as (
                    insert into entry (account, sequence, posting, minor, balance_after, at)
                    select account, sequence, ?, minor, balance_after, ? from lines
                )
                update account a
                   set balance = l.balance_after, sequence = l.sequence, moved_at = ?
                  from lines l
                 where l.account = a.id
                """,
                connection.createArrayOf("uuid", accounts),
                connection.createArrayOf("int8", numbers),
                connection.createArrayOf("int8", minors),
                connection.createArrayOf("int8", after),
                posting,
                now.toString(),
                now.toString());
    }

    private void hold() throws SQLException {
        var wallet = wallets.get(0).id();
        run(
                connection,
                """
                insert into hold (account, id, minor, state, created_at)
                values (?, ?, 5, 'PENDING', ?)
                """,
                wallet,
                id(),
                now.toString());
        run(connection, "update account set held = 5 where id = ?", wallet);
    }

    /** Times go as text, which the statement has to be told: strings are of no type then. */
    static int run(Connection connection, String sql, Object... values) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            statement.execute();
            return Math.max(0, statement.getUpdateCount());
        }
    }

    private static void bind(PreparedStatement statement, Object... values) throws SQLException {
        for (var i = 0; i < values.length; i++) {
            if (values[i] instanceof String) {
                statement.setObject(i + 1, values[i], java.sql.Types.OTHER);
            } else {
                statement.setObject(i + 1, values[i]);
            }
        }
    }

    static List<Object[]> rows(Connection connection, String sql, Object... values)
            throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            try (var rows = statement.executeQuery()) {
                var all = new ArrayList<Object[]>();
                while (rows.next()) {
                    var row = new Object[rows.getMetaData().getColumnCount()];
                    for (var i = 0; i < row.length; i++) {
                        row[i] = rows.getObject(i + 1);
                    }
                    all.add(row);
                }
                return all;
            }
        }
    }
}
