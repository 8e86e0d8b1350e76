package kvit.speed;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import kvit.packaged.Postgres;
import kvit.packaged.Postgres.Role;
import kvit.speed.SqlLoad.Session;

/**
 * The transaction that pgbench has built in, on its tables at scale 10: what is known of a machine
 * with PostgreSQL is most often known in this unit.
 */
final class TpcB {

    private static final int SCALE = 10;
    private static final int TELLERS = 10 * SCALE;
    private static final int ACCOUNTS = 100_000 * SCALE;
    private static final int DELTA_MAX = 5_000;

    private static final String[] TABLES = {
        """
        create table bench.branches (bid int primary key, bbalance int, filler char(88))
            with (fillfactor = 100)
        """,
        """
        create table bench.tellers (tid int primary key, bid int, tbalance int, filler char(84))
            with (fillfactor = 100)
        """,
        """
        create table bench.accounts (aid int primary key, bid int, abalance int, filler char(84))
            with (fillfactor = 100)
        """,
        """
        create table bench.history (tid int, bid int, aid int, delta int, mtime timestamp,
                                    filler char(22))
        """,
        "insert into bench.branches select i, 0, '' from generate_series(1, " + SCALE + ") i",
        """
        insert into bench.tellers select i, (i - 1) / 10 + 1, 0, '' from generate_series(1, %d) i
        """
                .formatted(TELLERS),
        """
        insert into bench.accounts
        select i, (i - 1) / 100000 + 1, 0, '' from generate_series(1, %d) i
        """
                .formatted(ACCOUNTS),
        "vacuum analyze bench.branches",
        "vacuum analyze bench.tellers",
        "vacuum analyze bench.accounts"
    };

    private TpcB() {}

    /** In the schema bench, which has to be there. */
    static void install(Postgres postgres) throws SQLException {
        postgres.run(Role.OWNER, TABLES);
    }

    static Session on(Connection connection) throws SQLException {
        return new Transaction(connection);
    }

    private static final class Transaction implements Session {

        private final Connection connection;
        private final List<PreparedStatement> statements = new ArrayList<>();
        private final PreparedStatement account;
        private final PreparedStatement balance;
        private final PreparedStatement teller;
        private final PreparedStatement branch;
        private final PreparedStatement history;

        private Transaction(Connection connection) throws SQLException {
            this.connection = connection;
            connection.setAutoCommit(false);
            account = prepare("update bench.accounts set abalance = abalance + ? where aid = ?");
            balance = prepare("select abalance from bench.accounts where aid = ?");
            teller = prepare("update bench.tellers set tbalance = tbalance + ? where tid = ?");
            branch = prepare("update bench.branches set bbalance = bbalance + ? where bid = ?");
            history =
                    prepare(
                            """
                            insert into bench.history (tid, bid, aid, delta, mtime)
                            values (?, ?, ?, ?, current_timestamp)
                            """);
        }

        private PreparedStatement prepare(String sql) throws SQLException {
            var statement = connection.prepareStatement(sql);
            statements.add(statement);
            return statement;
        }

        @Override
        public void next() throws SQLException {
            var random = ThreadLocalRandom.current();
            var aid = 1 + random.nextInt(ACCOUNTS);
            var bid = 1 + random.nextInt(SCALE);
            var tid = 1 + random.nextInt(TELLERS);
            var delta = random.nextInt(-DELTA_MAX, DELTA_MAX + 1);
            update(account, delta, aid);
            balance.setInt(1, aid);
            try (var row = balance.executeQuery()) {
                row.next();
            }
            update(teller, delta, tid);
            update(branch, delta, bid);
            history.setInt(1, tid);
            history.setInt(2, bid);
            history.setInt(3, aid);
            history.setInt(4, delta);
            history.executeUpdate();
            connection.commit();
        }

        private static void update(PreparedStatement statement, int delta, int id)
                throws SQLException {
            statement.setInt(1, delta);
            statement.setInt(2, id);
            statement.executeUpdate();
        }

        @Override
        public void close() throws SQLException {
            for (var statement : statements) {
                statement.close();
            }
        }
    }
}
