package kvit.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import kvit.money.Currency;
import kvit.support.KvitTest;
import kvit.support.Sql;
import org.junit.jupiter.api.Test;

/**
 * As many charges as lines of a file, of which one in a hundred has a fault of each kind that one
 * may have, and the file one of each that only a whole one has: all are found, each as what it is
 * and where it is, and nothing else. Few by default; all of it is {@code -Dkvit.recon.lines=100000
 * -DargLine=-Xmx512m}.
 */
@KvitTest
class ReconciliationSpeedTest {

    private static final int LINES = Integer.getInteger("kvit.recon.lines", 3_000);

    /** One line in so many has one of the faults. */
    private static final int KINDS = 7;

    private static final Duration MAX = Duration.ofSeconds(60);

    private static final long HEAP_MAX = 512L << 20;

    @Inject Office office;

    @Test
    void eachFaultIsFoundAsWhatItIsAndNothingElse() {
        var desk = office.open(Currency.FKP);
        var elsewhere = office.open(Currency.SHP);
        var customer = UUID.randomUUID();
        var charges = desk.topUps(customer, LINES, 10_00);
        var injected = new TreeMap<String, Set<String>>();
        var lines = new ArrayList<String>();
        var net = BigDecimal.ZERO;
        for (var i = 0; i < charges.size(); i++) {
            var charge = charges.get(i).toString();
            var good = "p%d,%s,Settled,10.00,0.10,9.90".formatted(i, charge);
            var added = new ArrayList<String>();
            // One in a hundred of each kind, spread over the file.
            switch (i % 100 < KINDS ? i % 100 : -1) {
                case 0 -> inject(injected, Fault.MISSING_EXTERNAL, charge);
                case 1 -> {
                    added.add(good);
                    added.add("u%d,%s,Settled,10.00,0.10,9.90".formatted(i, UUID.randomUUID()));
                    inject(injected, Fault.UNKNOWN_EXTERNAL, "u" + i);
                }
                case 2 -> {
                    added.add("p%d,%s,Settled,9.99,0.10,9.89".formatted(i, charge));
                    inject(injected, Fault.AMOUNT_MISMATCH, "p" + i);
                }
                case 3 -> {
                    added.add(good);
                    var abroad = elsewhere.topUp(customer, 10_00);
                    added.add("c%d,%s,Settled,10.00,0.10,9.90".formatted(i, abroad));
                    inject(injected, Fault.CURRENCY_MISMATCH, "c" + i);
                }
                case 4 -> {
                    added.add("p%d,%s,Settled,-10.00,0.10,-10.10".formatted(i, charge));
                    inject(injected, Fault.DIRECTION_MISMATCH, "p" + i);
                }
                case 5 -> {
                    added.add(good);
                    added.add(good);
                    inject(injected, Fault.DUPLICATE_LINE, "p" + i);
                }
                case 6 -> {
                    added.add(good);
                    added.add("q%d,%s,Settled,10.00,0.10,9.90".formatted(i, charge));
                    inject(injected, Fault.AMBIGUOUS, "p" + i);
                    inject(injected, Fault.AMBIGUOUS, "q" + i);
                }
                default -> added.add(good);
            }
            for (var line : added) {
                net = net.add(new BigDecimal(line.split(",")[5]));
            }
            lines.addAll(added);
        }
        // It brings on what it has never kept.
        lines.add("carried,,Carried,7.00,0.00,7.00");
        net = net.add(new BigDecimal("7.00"));
        inject(injected, Fault.BALANCE_GAP, "carried");
        var file = desk.taken(desk.csv(desk.today(), "big", lines, net.negate().toString()));
        // The bank shows a cent less than what was paid.
        var statement =
                desk.statement(
                        desk.today(),
                        "0.00",
                        Map.of("BATCH big", net.subtract(new BigDecimal("0.01")).toString()));
        inject(injected, Fault.BATCH_TOTAL, "bank");

        System.gc();
        var before = peak(true);
        var begun = System.nanoTime();
        String hash = desk.run(true, file, statement).extract().path("planSha256");
        var run = desk.planned(file, statement);
        var approval = desk.submitted(run);
        desk.approver.approve(approval).statusCode(200);
        var took = Duration.ofNanos(System.nanoTime() - begun);
        System.out.printf(
                "reconciled %d lines in %d ms (dry run, plan, submission, approval and posting),"
                        + " heap %d MB before, %d MB at the most, of %d MB%n",
                lines.size() + 2,
                took.toMillis(),
                before >> 20,
                peak(false) >> 20,
                Runtime.getRuntime().maxMemory() >> 20);

        assertThat(took).isLessThan(MAX);
        if (LINES >= 100_000) {
            // What each part of the heap had at its most: more than all of them had at once.
            assertThat(Math.min(peak(false), Runtime.getRuntime().maxMemory()))
                    .isLessThanOrEqualTo(HEAP_MAX);
        }
        desk.finance
                .get("/v1/admin/reconciliation/runs/" + run)
                .body("planSha256", equalTo(hash))
                .body("lines", equalTo(lines.size() + 1));
        assertThat(found(desk.currency)).isEqualTo(injected);
        desk.assertInPlace();
    }

    private static void inject(Map<String, Set<String>> injected, Fault fault, String subject) {
        assertThat(injected.computeIfAbsent(fault.name(), it -> new TreeSet<>()).add(subject))
                .isTrue();
    }

    /**
     * By the processor's name of the line; of what is missing by ours, of the bank's by nobody's.
     */
    private static Map<String, Set<String>> found(Currency currency) {
        var found = new TreeMap<String, Set<String>>();
        var rows =
                Sql.<String>column(
                        """
                        select b.type || ' ' || case when b.type = 'MISSING_EXTERNAL'
                                                     then cast(b.item as text)
                                                     when l.type = 'BANK_TRANSFER' then 'bank'
                                                     else l.external end
                          from recon_break b
                          left join settlement_line l on l.file = b.file and l.line_no = b.line_no
                         where b.currency = ?
                        """,
                        currency.name());
        for (var row : rows) {
            var parts = row.split(" ");
            assertThat(found.computeIfAbsent(parts[0], it -> new TreeSet<>()).add(parts[1]))
                    .as(row)
                    .isTrue();
        }
        return found;
    }

    /** Bytes of heap, as much as there ever was of it at once since it was last asked to forget. */
    private static long peak(boolean forget) {
        var pools =
                ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(it -> it.getType() == MemoryType.HEAP)
                        .toList();
        var peak = pools.stream().mapToLong(it -> it.getPeakUsage().getUsed()).sum();
        if (forget) {
            pools.forEach(MemoryPoolMXBean::resetPeakUsage);
            return pools.stream().mapToLong(it -> it.getUsage().getUsed()).sum();
        }
        return peak;
    }
}
