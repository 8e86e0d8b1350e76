package kvit.reconcile;

import static java.util.Objects.requireNonNull;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import kvit.card.Named;
import kvit.database.Database;
import kvit.dispute.DisputeFiles;
import kvit.money.Currency;
import kvit.payout.BusinessDays;
import kvit.payout.PayoutFiles;
import kvit.reconcile.OpenEntries.Open;
import kvit.reconcile.OpenEntries.Sums;
import kvit.settlement.LineType;
import kvit.topup.ChargeFiles;
import kvit.topup.ChargeFiles.WentBack;

/**
 * What the processor will settle and has not: entries of card clearing that nothing has matched,
 * and the charges that went back, which the books never heard of.
 */
@ApplicationScoped
class Expectations {

    /** An operation's own time and that of its posting are not the same to the millisecond. */
    private static final Duration SLACK = Duration.ofDays(2);

    /** Of whatever else a processor may write there nothing of ours is called. */
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** What the processor takes for a payout, and gives back of that. */
    private static final Set<String> PUSHED = Set.of("payout-taken", "payout-came-back");

    /** The same of those that were only posted when they had arrived. */
    private static final Set<String> OF_BEFORE = Set.of("payout-paid", "payout-returned");

    private record Elsewhere(Currency currency, Open open) {}

    private final Database database;
    private final OpenEntries entries;
    private final PayoutFiles payouts;
    private final DisputeFiles disputes;
    private final ChargeFiles charges;
    private final BusinessDays days;
    private final Terms terms;

    Expectations(
            Database database,
            OpenEntries entries,
            PayoutFiles payouts,
            DisputeFiles disputes,
            ChargeFiles charges,
            BusinessDays days,
            Terms terms) {
        this.database = database;
        this.entries = entries;
        this.payouts = payouts;
        this.disputes = disputes;
        this.charges = charges;
        this.days = days;
        this.terms = terms;
    }

    /** All of a currency, the oldest first. */
    List<Expectation> of(Currency currency) {
        var expected = named(currency, entries.all(currency));
        expected.addAll(halves(currency));
        return expected;
    }

    /** Those of these that are still expected. */
    List<Expectation> find(Currency currency, Collection<UUID> items) {
        var found = named(currency, entries.find(currency, items));
        halves(currency).stream().filter(it -> items.contains(it.item())).forEach(found::add);
        return found;
    }

    /** What these lines name by our id, and is of another currency than they are. */
    List<Expectation> elsewhere(Collection<Line> lines) {
        var asked =
                lines.stream()
                        .filter(
                                it ->
                                        it.reference() != null
                                                && ID.matcher(it.reference()).matches())
                        .toList();
        var found = new ArrayList<Elsewhere>();
        RunStore.inPortions(asked, it -> found.addAll(abroad(it)));
        var byCurrency = new EnumMap<Currency, Set<Open>>(Currency.class);
        found.forEach(
                it ->
                        byCurrency
                                .computeIfAbsent(it.currency(), key -> new LinkedHashSet<>())
                                .add(it.open()));
        var all = new ArrayList<Expectation>(found.size());
        byCurrency.forEach((currency, open) -> all.addAll(named(currency, List.copyOf(open))));
        return all;
    }

    private List<Elsewhere> abroad(List<Line> lines) {
        return database.query(
                """
                select distinct e.posting, p.kind, -e.minor, e.at, a.currency
                  from unnest(?, ?) as l (reference, currency)
                  join entry e on e.posting = l.reference
                  join account a on a.id = e.account and a.kind = 'CARD_CLEARING'
                                and a.currency <> l.currency
                  join posting p on p.id = e.posting
                 where not exists (select from recon_item i
                                    where i.currency = a.currency and i.item = e.posting)
                """,
                in ->
                        in.uuids(lines, it -> UUID.fromString(requireNonNull(it.reference())))
                                .texts(lines, it -> it.currency().name()),
                row ->
                        new Elsewhere(
                                Currency.valueOf(row.getString(5)),
                                new Open(
                                        row.getObject(1, UUID.class),
                                        row.getString(2),
                                        null,
                                        row.getLong(3),
                                        row.getTimestamp(4).toInstant())));
    }

    /** What the processor owes us by the books, and by what is expected: halves are, too. */
    Sums sums(Currency currency) {
        var halves = halves(currency).stream().mapToLong(Expectation::minor).sum();
        var sums = entries.sums(currency);
        return new Sums(sums.clearing(), Math.addExact(sums.expected(), halves));
    }

    private List<Expectation> named(Currency currency, List<Open> open) {
        var country = terms.of(currency).country();
        var names = names(open);
        var twins = twins(open);
        var expected = new ArrayList<Expectation>(open.size());
        for (var it : open) {
            var named = names.get(it.item());
            expected.add(
                    new Expectation(
                            it.item(),
                            currency,
                            type(it.kind(), it.minor()),
                            named == null ? it.item().toString() : named.reference(),
                            named == null ? Set.of() : named.names(),
                            it.minor(),
                            days.dayOf(country, it.at()),
                            twins.get(it.item())));
        }
        return expected;
    }

    /** What was posted and taken back, both ways: it comes to nothing, and no file has it. */
    private static Map<UUID, UUID> twins(List<Open> open) {
        var amounts = new HashMap<UUID, Long>();
        open.forEach(it -> amounts.put(it.item(), it.minor()));
        var twins = new HashMap<UUID, UUID>();
        for (var it : open) {
            if (it.reverses() != null && Objects.equals(amounts.get(it.reverses()), -it.minor())) {
                twins.put(it.item(), it.reverses());
                twins.put(it.reverses(), it.item());
            }
        }
        return twins;
    }

    /** Of a top-up nobody has to ask: its id is the posting's. */
    private Map<UUID, Named> names(List<Open> open) {
        var names = new HashMap<UUID, Named>();
        var pushed = open.stream().filter(it -> PUSHED.contains(it.kind())).toList();
        RunStore.inPortions(
                pushed,
                some ->
                        payouts.named(some.stream().map(Open::item).toList())
                                .forEach(it -> names.put(it.posting(), it)));
        var ofBefore = open.stream().filter(it -> OF_BEFORE.contains(it.kind())).toList();
        if (!ofBefore.isEmpty()) {
            payouts.namedOfBefore(since(ofBefore)).forEach(it -> names.put(it.posting(), it));
        }
        var contested = open.stream().filter(it -> it.kind().startsWith("chargeback")).toList();
        if (!contested.isEmpty()) {
            disputes.named(since(contested)).forEach(it -> names.put(it.posting(), it));
        }
        return names;
    }

    private static Instant since(List<Open> open) {
        return open.stream().map(Open::at).min(Instant::compareTo).orElseThrow().minus(SLACK);
    }

    /** A charge that went back is two things that come to nothing, of which one may come alone. */
    private List<Expectation> halves(Currency currency) {
        var wentBack = charges.wentBack(currency);
        if (wentBack.isEmpty()) {
            return List.of();
        }
        var settled = settled(currency, wentBack);
        var halves = new ArrayList<Expectation>();
        var country = terms.of(currency).country();
        for (var it : wentBack) {
            var day = days.dayOf(country, it.createdAt());
            if (!settled.contains(it.charge())) {
                halves.add(
                        new Expectation(
                                it.charge(),
                                currency,
                                LineType.CHARGE,
                                it.charge().toString(),
                                it.names(),
                                it.minor(),
                                day,
                                it.refund()));
            }
            if (!settled.contains(it.refund())) {
                halves.add(
                        new Expectation(
                                it.refund(),
                                currency,
                                LineType.REFUND,
                                it.refund().toString(),
                                it.names(),
                                -it.minor(),
                                day,
                                it.charge()));
            }
        }
        return halves;
    }

    private Set<UUID> settled(Currency currency, List<WentBack> wentBack) {
        var ids = new ArrayList<UUID>();
        wentBack.forEach(
                it -> {
                    ids.add(it.charge());
                    ids.add(it.refund());
                });
        return new HashSet<>(
                database.query(
                        "select item from recon_item where currency = ? and item = any (?)",
                        in -> in.text(currency.name()).uuids(ids),
                        row -> row.getObject(1, UUID.class)));
    }

    /** By what the posting was; what we do not know is whatever it is. */
    private static LineType type(String kind, long minor) {
        return switch (kind) {
            case "top-up" -> LineType.CHARGE;
            case "refund" -> LineType.REFUND;
            case "payout-taken", "payout-paid" -> LineType.PAYOUT;
            case "payout-came-back", "payout-returned" -> LineType.CORRECTION;
            case "chargeback" -> LineType.CHARGEBACK;
            case "chargeback-won" -> LineType.CHARGEBACK_REVERSED;
            default -> minor < 0 ? LineType.REFUND : LineType.OTHER;
        };
    }
}
