package kvit.sandbox;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.sandbox.SettlementView.File;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Settles what has happened at the simulated processor since the last time: one batch per currency,
 * with the processor's file about it and the bank's statement of the day.
 */
@ApplicationScoped
class GenerateSettlements {

    private final SettlementBooks books;
    private final SandboxConfig config;
    private final Clock clock;

    GenerateSettlements(SettlementBooks books, SandboxConfig config, Clock clock) {
        this.books = books;
        this.config = config;
        this.clock = clock;
    }

    /**
     * @param currency null: all of them
     * @param day the day that the files are of, and until the end of which is settled; null: today
     * @throws Problem VALIDATION_FAILED for a fault that nothing is left for
     */
    List<SettlementView> generate(
            @Nullable Currency currency, @Nullable LocalDate day, List<SettlementFault> faults) {
        var now = clock.instant();
        var of = day == null ? LocalDate.ofInstant(now, ZoneOffset.UTC) : day;
        var end = of.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        return QuarkusTransaction.requiringNew()
                .call(() -> settle(currency, of, end.isBefore(now) ? end : now, now, faults));
    }

    private List<SettlementView> settle(
            @Nullable Currency currency,
            LocalDate day,
            Instant until,
            Instant now,
            List<SettlementFault> faults) {
        var number = books.lockBatch();
        var items = new EnumMap<Currency, List<SettlementItem>>(Currency.class);
        books.unsettled(currency, until)
                .forEach(
                        it ->
                                items.computeIfAbsent(
                                                it.gross().currency(), key -> new ArrayList<>())
                                        .add(it));
        var wanted = byCurrency(faults, items);
        var views = new ArrayList<SettlementView>();
        for (var entry : items.entrySet()) {
            var made =
                    new SpoiledBatch(
                            entry.getKey(),
                            Long.toString(++number),
                            day,
                            config,
                            wanted.getOrDefault(entry.getKey(), List.of()));
            entry.getValue().forEach(made::add);
            books.settled(made.settled(), number);
            views.add(view(made, day, now));
        }
        books.putBatch(number);
        return views;
    }

    private static Map<Currency, List<SettlementFault>> byCurrency(
            List<SettlementFault> faults, Map<Currency, List<SettlementItem>> items) {
        for (var fault : faults) {
            if (fault.currency() == null ? items.isEmpty() : !items.containsKey(fault.currency())) {
                throw GeneralProblem.invalid("/faults", "need something to be settled");
            }
        }
        return faults.stream()
                .collect(
                        Collectors.groupingBy(
                                it ->
                                        it.currency() == null
                                                ? items.keySet().iterator().next()
                                                : it.currency()));
    }

    private SettlementView view(SpoiledBatch made, LocalDate day, Instant now) {
        var payout = made.payout();
        var bank = books.bank(payout.currency());
        var statement =
                new StatementFile(
                        bank.statements() + 1, bank.balance(), payout, made.batch(), day, now);
        books.putBank(new SettlementBooks.Bank(statement.closing(), statement.number()));
        var good = statement.write();
        var spoiled = made.spoil(statement);
        var csv = made.csv();
        return new SettlementView(
                payout.currency(),
                made.batch(),
                day,
                payout,
                new File(
                        DemoSources.PROCESSOR,
                        "settlement_batch_%s.csv".formatted(made.batch()),
                        csv,
                        made.isCsvSpoiled() ? made.corrected() : null),
                new File(
                        DemoSources.BANK,
                        "statement_%s_%d.xml".formatted(payout.currency(), statement.number()),
                        spoiled,
                        spoiled.equals(good) ? null : good),
                made.injected());
    }

    /** The fee of a charge: basis points of it, rounded half up to its minor unit. */
    static Money fee(Money gross, int basisPoints) {
        var exact = Math.multiplyExact(gross.minor(), (long) basisPoints);
        return new Money(Math.floorDiv(Math.addExact(exact, 5_000), 10_000L), gross.currency());
    }
}
