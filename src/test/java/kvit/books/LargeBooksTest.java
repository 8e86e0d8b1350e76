package kvit.books;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.inject.Inject;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kvit.database.Statements;
import kvit.ledger.Account;
import kvit.money.Currency;
import kvit.support.KvitTest;
import org.junit.jupiter.api.Test;

/**
 * A large ledger is verified in time and in little memory while others go on writing, and taken out
 * as a whole in no more. A million entries by {@code -Dkvit.entries=1000000}; the figures are
 * printed.
 */
@KvitTest
class LargeBooksTest {

    private static final String SCHEMA = "large_books";

    private static final Duration MILLION_WITHIN = Duration.ofSeconds(60);

    private static final int ENTRIES = Integer.getInteger("kvit.entries", 10_000);

    /** Each with two wallets of its own, so that none waits for another one. */
    private static final int WRITERS = 2;

    private static final Duration PAUSE = Duration.ofMillis(10);

    /** All rows at once would be ten times as much. */
    private static final long GROWS_BY_AT_MOST = 30_000_000;

    @Inject SigningKey key;
    @Inject ExportBooks exportBooks;

    private final List<UUID> wallets = new ArrayList<>();
    private final UUID world = Account.world(Currency.USD).id();

    @Test
    void aMillionEntriesAreVerifiedWithinAMinuteWhileOthersWrite() throws Exception {
        SmallBooks.migrate(SCHEMA);
        try (var connection = SmallBooks.connect(SCHEMA)) {
            fill(connection);
            var sealedIn = seal(connection);
            var before = SmallBooks.rows(connection, "select count(*) from entry");
            connection.commit();
            assertThat((Long) before.get(0)[0]).isGreaterThanOrEqualTo(ENTRIES);

            var alone = writingBeside(() -> pause(Duration.ofSeconds(1)));
            var beside = writingBeside(this::verify);
            var verified = beside.result();
            assertThat(verified.result().findings()).isEmpty();
            assertThat(verified.result().clean()).isTrue();
            assertThat(verified.result().entries()).isGreaterThanOrEqualTo(ENTRIES);
            assertThat(verified.locks()).containsOnly("AccessShareLock");
            assertThat(beside.nanos()).as("whoever writes goes on").isNotEmpty();
            var exports = new ArrayList<String>();
            for (var format : ExportBooks.Format.values()) {
                exports.add(export(format));
            }
            var millions = Math.max(1, ENTRIES / 1e6);
            assertThat(verified.took())
                    .isLessThan(Duration.ofMillis((long) (MILLION_WITHIN.toMillis() * millions)));
            System.out.printf(
                    "LargeBooksTest: %,d entries sealed in %.1f s, verified in %.1f s; heap at the"
                            + " most %d MB with garbage; a posting alone %s, beside %s; %s%n",
                    verified.result().entries(),
                    sealedIn.toMillis() / 1e3,
                    verified.took().toMillis() / 1e3,
                    verified.peakMegabytes(),
                    figures(alone.nanos()),
                    figures(beside.nanos()),
                    exports);
        } finally {
            try (var connection = SmallBooks.connect(SCHEMA)) {
                SmallBooks.run(connection, "drop schema " + SCHEMA + " cascade");
                connection.commit();
            }
        }
    }

    private record Verified(
            Verification.Result result, Duration took, long peakMegabytes, List<String> locks) {}

    /** Keeps nothing but how much it was, and what was in memory meanwhile. */
    private static final class Counting extends OutputStream {

        private static final long LOOKS_EVERY = 32_000_000;

        private long bytes;
        private long lines;
        private long least = Long.MAX_VALUE;
        private long most;

        @Override
        public void write(int one) {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] text, int from, int length) {
            for (var i = from; i < from + length; i++) {
                lines += text[i] == '\n' ? 1 : 0;
            }
            if (bytes == 0 || bytes / LOOKS_EVERY != (bytes + length) / LOOKS_EVERY) {
                System.gc();
                var used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
                least = Math.min(least, used);
                most = Math.max(most, used);
            }
            bytes += length;
        }
    }

    /** All rows, in as much memory as a few of them need. */
    private String export(ExportBooks.Format format) throws SQLException {
        try (var connection = SmallBooks.connect(SCHEMA)) {
            SmallBooks.run(connection, "set transaction isolation level repeatable read read only");
            var count = (Long) SmallBooks.rows(connection, "select count(*) from entry").get(0)[0];
            var out = new Counting();
            var begun = System.nanoTime();
            exportBooks.write(
                    new Statements(connection),
                    Export.ENTRIES,
                    format,
                    new ExportBooks.Span(null, null),
                    out);
            var took = Duration.ofNanos(System.nanoTime() - begun);
            assertThat(out.lines).isEqualTo(format == ExportBooks.Format.CSV ? count + 1 : count);
            // Of fewer it is too little to be told from everything else.
            if (ENTRIES >= 1_000_000) {
                assertThat(out.most - out.least).isLessThan(GROWS_BY_AT_MOST);
            }
            return "%s of %,d MB in %.1f s, heap %d to %d MB"
                    .formatted(
                            format,
                            out.bytes / 1_000_000,
                            took.toMillis() / 1e3,
                            out.least / 1_000_000,
                            out.most / 1_000_000);
        }
    }

    /** As {@code LongReads} does it. */
    private Verified verify() throws SQLException {
        try (var connection = SmallBooks.connect(SCHEMA)) {
            SmallBooks.run(connection, "set transaction isolation level repeatable read read only");
            var pools =
                    ManagementFactory.getMemoryPoolMXBeans().stream()
                            .filter(it -> it.getType() == MemoryType.HEAP)
                            .toList();
            pools.forEach(MemoryPoolMXBean::resetPeakUsage);
            var begun = System.nanoTime();
            var result =
                    new Verification(new Statements(connection), key::isOurs)
                            .run(Instant.parse("2026-01-02T00:00:00Z"), List.of());
            var took = Duration.ofNanos(System.nanoTime() - begun);
            var peak = pools.stream().mapToLong(it -> it.getPeakUsage().getUsed()).sum();
            var locks =
                    SmallBooks.rows(
                                    connection,
                                    """
                                    select distinct mode
                                      from pg_locks
                                     where pid = pg_backend_pid() and locktype = 'relation'
                                    """)
                            .stream()
                            .map(it -> (String) it[0])
                            .toList();
            return new Verified(result, took, peak / 1_000_000, locks);
        }
    }

    private record Beside<T>(T result, List<Long> nanos) {}

    /** Does it while others write, and says how long each posting of theirs took. */
    private <T> Beside<T> writingBeside(Callable<T> work) throws Exception {
        var pool = Executors.newFixedThreadPool(WRITERS);
        try {
            var stop = new java.util.concurrent.atomic.AtomicBoolean();
            var writers = new ArrayList<Future<List<Long>>>();
            for (var i = 0; i < WRITERS; i++) {
                var from = wallets.get(2 * i);
                var to = wallets.get(2 * i + 1);
                writers.add(
                        pool.submit(
                                () -> {
                                    var nanos = new ArrayList<Long>();
                                    try (var connection = SmallBooks.connect(SCHEMA)) {
                                        while (!stop.get()) {
                                            var begun = System.nanoTime();
                                            post(connection, from, to);
                                            nanos.add(System.nanoTime() - begun);
                                            pause(PAUSE);
                                        }
                                    }
                                    return nanos;
                                }));
            }
            var result = work.call();
            stop.set(true);
            var all = new ArrayList<Long>();
            for (var writer : writers) {
                all.addAll(writer.get(10, TimeUnit.SECONDS));
            }
            return new Beside<>(result, all);
        } finally {
            pool.shutdownNow();
        }
    }

    private static boolean pause(Duration time) throws InterruptedException {
        return new java.util.concurrent.CountDownLatch(1)
                .await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static String figures(List<Long> nanos) {
        var sorted = nanos.stream().sorted().toList();
        return "%,d times: half within %.1f ms, 99 %% within %.1f ms, all within %.1f ms"
                .formatted(
                        sorted.size(),
                        sorted.get(sorted.size() / 2) / 1e6,
                        sorted.get(sorted.size() * 99 / 100) / 1e6,
                        sorted.get(sorted.size() - 1) / 1e6);
    }

    /** By all triggers, in a transaction of its own. */
    private static void post(Connection connection, UUID from, UUID to) throws SQLException {
        var posting = UUID.randomUUID();
        SmallBooks.run(
                connection,
                """
                insert into posting (id, kind, effective_at, created_at)
                values (?, 'transfer', '2026-01-02T00:00:00Z', '2026-01-02T00:00:00Z')
                """,
                posting);
        SmallBooks.run(
                connection,
                """
                with lines as (
                    select a.id, a.sequence + 1 as sequence, x.minor, a.balance + x.minor as after
                      from account a
                      join (values (?::uuid, -1), (?::uuid, 1)) as x (id, minor) on x.id = a.id
                ), written as (
                    insert into entry (account, sequence, posting, minor, balance_after, at)
                    select id, sequence, ?, minor, after, '2026-01-02T00:00:00Z' from lines
                )
                update account a
                   set balance = l.after, sequence = l.sequence, moved_at = '2026-01-02T00:00:00Z'
                  from lines l
                 where l.id = a.id
                """,
                from,
                to,
                posting);
        connection.commit();
    }

    private Duration seal(Connection connection) throws SQLException {
        var begun = System.nanoTime();
        var sealing = new Sealing(new Statements(connection));
        while (sealing.next(Instant.parse("2026-01-02T00:00:00Z")).isPresent()) {
            connection.commit();
        }
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /**
     * Funds all wallets, and then sends from one to another: set by set, because one by one takes
     * minutes.
     */
    private void fill(Connection connection) throws SQLException {
        var count = Math.max(100, ENTRIES / 500);
        IntStream.range(0, count)
                .forEach(it -> wallets.add(Account.wallet(new UUID(7, it), Currency.USD).id()));
        for (var table : List.of("account", "posting", "entry")) {
            SmallBooks.run(connection, "alter table " + table + " disable trigger user");
        }
        SmallBooks.run(
                connection,
                """
                insert into account (id, kind, owner, currency, floor, opened_at, moved_at)
                select x.id, case when n = 1 then 'WORLD' else 'WALLET' end, x.owner, 'USD',
                       case when n = 1 then null else 0 end, '2026-01-01', '2026-01-01'
                  from unnest(?::uuid[], ?::uuid[]) with ordinality as x (id, owner, n)
                """,
                connection.createArrayOf(
                        "uuid",
                        Stream.concat(Stream.of(world), wallets.stream()).toArray(UUID[]::new)),
                connection.createArrayOf(
                        "uuid",
                        IntStream.rangeClosed(0, count)
                                .mapToObj(it -> it == 0 ? null : new UUID(7, it - 1))
                                .toArray(UUID[]::new)));
        SmallBooks.run(
                connection,
                """
                create temporary table sent as
                select n, gen_random_uuid() as id,
                       case when n <= ? then 0 else 1 + (n * 7919) % ? end as payer,
                       case when n <= ? then n else 1 + (n * 7919 + 1 + n % (? - 1)) % ? end as payee,
                       case when n <= ? then 100000000 else 1 + n % 50 end as minor,
                       timestamptz '2026-01-01T00:00:00Z' + n * interval '20 milliseconds' as at
                  from generate_series(1, ?::bigint) n
                """,
                count,
                count,
                count,
                count,
                count,
                count,
                (ENTRIES + 1L) / 2);
        SmallBooks.run(
                connection,
                """
                insert into posting (id, kind, effective_at, created_at, transaction)
                select id, case when payer = 0 then 'funding' else 'transfer' end, at, at,
                       (100 + n / 1000)::text::xid8
                  from sent order by n
                """);
        SmallBooks.run(
                connection,
                """
                with numbered as (
                    select x.id, x.n from unnest(?::uuid[]) with ordinality as x (id, n)
                ), lines as (
                    select a.id as account, s.id, -s.minor as minor, s.at, s.n
                      from sent s join numbered a on a.n = s.payer + 1
                    union all
                    select a.id, s.id, s.minor, s.at, s.n
                      from sent s join numbered a on a.n = s.payee + 1
                )
                insert into entry (account, sequence, posting, minor, balance_after, at)
                select account, row_number() over w, id, minor, sum(minor) over w, at
                  from lines
                window w as (partition by account order by n)
                """,
                connection.createArrayOf(
                        "uuid",
                        Stream.concat(Stream.of(world), wallets.stream()).toArray(UUID[]::new)));
        SmallBooks.run(
                connection,
                """
                update account a
                   set balance = l.balance_after, sequence = l.sequence, moved_at = l.at
                  from (select distinct on (account) *
                          from entry order by account, sequence desc) l
                 where l.account = a.id
                """);
        SmallBooks.run(connection, "drop table sent");
        for (var table : List.of("account", "posting", "entry")) {
            SmallBooks.run(connection, "alter table " + table + " enable trigger user");
        }
        connection.commit();
        SmallBooks.run(connection, "analyze account, posting, entry");
        connection.commit();
    }
}
