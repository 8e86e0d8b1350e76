package kvit.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import kvit.money.Currency;
import kvit.problem.Problem;
import kvit.support.KvitTest;
import kvit.support.Sql;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand random operations beside a model that is a map of numbers: the ledger must agree
 * with it on every single answer, and its books must add up after every single step. A failure
 * names its seed, and {@code -Dkvit.seed=} repeats it.
 */
@Tag("long")
@KvitTest
class LedgerSimulationTest {

    private static final int STEPS = 6_000;
    private static final int WALLETS = 40;

    @Inject Ledger ledger;
    @Inject TestBooks books;

    private record ModelHold(Account account, long minor) {}

    /** The entries of an account up to the last one, and what they add up to. */
    private record Entries(long last, long sum) {
        Entries with(ResultSet row) throws SQLException {
            return new Entries(Math.max(last, row.getLong(5)), sum + row.getLong(4));
        }
    }

    private static final Entries NOTHING = new Entries(0, 0);

    private final Map<Account, Long> balances = new LinkedHashMap<>();
    private final Map<Account, Long> held = new HashMap<>();
    private final Map<UUID, ModelHold> holds = new LinkedHashMap<>();
    private final Map<Account, Entries> seen = new HashMap<>();
    private final Set<Account> touched = new HashSet<>();
    private final List<Posting> reversible = new ArrayList<>();

    @Test
    void agreesWithTheModelAfterEveryStep() throws SQLException {
        var seed = Long.getLong("kvit.seed", System.nanoTime());
        var random = new Random(seed);
        for (var i = 0; i < WALLETS; i++) {
            balances.put(books.wallet(0, i % 3 == 0 ? Currency.JPY : Currency.KWD), 0L);
        }
        var accounts = List.copyOf(balances.keySet());
        try (var connection = Sql.asOwner()) {
            for (var step = 0; step < STEPS; step++) {
                touched.clear();
                var operation = operate(random, accounts);
                var everything = step % 250 == 0;
                assertBooks(
                        connection,
                        everything ? accounts : touched,
                        "seed " + seed + " step " + step + " " + operation);
            }
            assertBooks(connection, accounts, "seed " + seed + " at the end");
        }
        assertThat(ledger.books().findings()).as("seed %d", seed).isEmpty();
    }

    private String operate(Random random, List<Account> accounts) {
        var dice = random.nextInt(100);
        if (dice < 10) {
            return fund(pick(random, accounts), 1 + random.nextInt(500));
        }
        if (dice < 65) {
            return moveSeveral(random, accounts);
        }
        if (dice < 75) {
            return place(pick(random, accounts), 1 + random.nextInt(100));
        }
        if (dice < 85 && !holds.isEmpty()) {
            return capture(random, accounts);
        }
        if (dice < 92 && !holds.isEmpty()) {
            return release(random);
        }
        return reversible.isEmpty() ? "nothing" : reverse(random);
    }

    private String fund(Account account, long minor) {
        var posting = books.move(Account.world(account.currency()), account, minor);
        assertThat(books.post(posting).isPosted()).isTrue();
        balances.merge(account, minor, Long::sum);
        touched.add(account);
        return "fund";
    }

    /**
     * A list of up to five, of which some are held, each decided on what the ones before it left.
     */
    private String moveSeveral(Random random, List<Account> accounts) {
        var moves = new ArrayList<Move>();
        var expected = new ArrayList<Boolean>();
        for (var i = 1 + random.nextInt(5); i > 0; i--) {
            var from = pick(random, accounts);
            var to = pickOther(random, accounts, from);
            var minor = 1 + random.nextInt(120);
            expected.add(available(from) >= minor);
            if (random.nextInt(5) == 0) {
                moves.add(promise(from, minor));
                continue;
            }
            var posting = books.move(from, to, minor);
            moves.add(posting);
            if (available(from) >= minor) {
                apply(posting);
                reversible.add(posting);
            }
        }
        assertThat(books.post(moves)).extracting(Outcome::isPosted).isEqualTo(expected);
        return "move " + expected;
    }

    /** Held in its turn where the money is there, and in nobody's way where it is not. */
    private Promise promise(Account account, long minor) {
        var promise = books.promise(account, minor);
        if (available(account) >= minor) {
            holds.put(promise.id(), new ModelHold(account, minor));
            held.merge(account, minor, Long::sum);
            touched.add(account);
        }
        return promise;
    }

    private String place(Account account, long minor) {
        var allowed = available(account) >= minor;
        try {
            holds.put(books.hold(account, minor, null), new ModelHold(account, minor));
            held.merge(account, minor, Long::sum);
            touched.add(account);
            assertThat(allowed).isTrue();
        } catch (Problem e) {
            assertThat(allowed).isFalse();
        }
        return "place";
    }

    private String capture(Random random, List<Account> accounts) {
        var id = pick(random, List.copyOf(holds.keySet()));
        var hold = holds.get(id);
        var minor = 1 + random.nextLong(hold.minor() + 5);
        var posting =
                books.move(hold.account(), pickOther(random, accounts, hold.account()), minor)
                        .capturing(id);
        var allowed = minor <= hold.minor();
        assertThat(books.post(posting).isPosted()).isEqualTo(allowed);
        if (allowed) {
            holds.remove(id);
            held.merge(hold.account(), -hold.minor(), Long::sum);
            apply(posting);
        }
        return "capture";
    }

    private String release(Random random) {
        var id = pick(random, List.copyOf(holds.keySet()));
        var hold = holds.remove(id);
        books.release(hold.account(), id);
        touched.add(hold.account());
        held.merge(hold.account(), -hold.minor(), Long::sum);
        return "release";
    }

    private String reverse(Random random) {
        var posting = reversible.get(random.nextInt(reversible.size()));
        var taker = posting.lines().get(1);
        var allowed = available(taker.account()) >= taker.minor();
        try {
            books.reverse(posting.id());
            assertThat(allowed).isTrue();
            posting.lines().forEach(it -> balances.merge(it.account(), -it.minor(), Long::sum));
            posting.lines().forEach(it -> touched.add(it.account()));
            reversible.remove(posting);
        } catch (Problem e) {
            assertThat(allowed).isFalse();
        }
        return "reverse";
    }

    private void apply(Posting posting) {
        posting.lines().forEach(it -> balances.merge(it.account(), it.minor(), Long::sum));
        posting.lines().forEach(it -> touched.add(it.account()));
    }

    private long available(Account account) {
        return balances.get(account) - held.getOrDefault(account, 0L);
    }

    private static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static Account pickOther(Random random, List<Account> from, Account not) {
        var others =
                from.stream()
                        .filter(it -> it.currency() == not.currency() && !it.equals(not))
                        .toList();
        return pick(random, others);
    }

    /**
     * Σ = 0 over all accounts of a currency, balance = Σ entries, both as the model has them. Of
     * the entries those are added up that have come since the last time, and now and then all.
     */
    private void assertBooks(Connection connection, Collection<Account> accounts, String step)
            throws SQLException {
        if (accounts.size() == balances.size()) {
            seen.clear();
        }
        try (var statement =
                connection.prepareStatement(
                        """
                        select a.id, a.balance, a.held, coalesce(sum(e.minor), 0),
                               coalesce(max(e.sequence), 0)
                          from unnest(?, ?) as t (id, seen)
                          join account a on a.id = t.id
                          left join entry e on e.account = a.id and e.sequence > t.seen
                         group by a.id
                        """)) {
            var list = List.copyOf(accounts);
            statement.setArray(
                    1, connection.createArrayOf("uuid", list.stream().map(Account::id).toArray()));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "bigint",
                            list.stream()
                                    .map(it -> seen.getOrDefault(it, NOTHING).last())
                                    .toArray()));
            var byId = new HashMap<UUID, Account>();
            accounts.forEach(it -> byId.put(it.id(), it));
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    var account = byId.get(rows.getObject(1, UUID.class));
                    var now = seen.getOrDefault(account, NOTHING).with(rows);
                    seen.put(account, now);
                    assertThat(rows.getLong(2)).as(step).isEqualTo(balances.get(account));
                    assertThat(rows.getLong(3)).as(step).isEqualTo(held.getOrDefault(account, 0L));
                    assertThat(now.sum()).as(step).isEqualTo(balances.get(account));
                }
            }
        }
        assertSumIsZero(connection, step);
    }

    private static void assertSumIsZero(Connection connection, String step) throws SQLException {
        try (var statement =
                        connection.prepareStatement(
                                "select currency from account where currency in ('JPY', 'KWD')"
                                        + " group by currency having sum(balance) <> 0");
                var rows = statement.executeQuery()) {
            assertThat(rows.next()).as(step).isFalse();
        }
    }
}
