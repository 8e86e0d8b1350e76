package kvit.reconcile;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import kvit.card.Named;
import kvit.database.Database;
import kvit.database.Parameters;
import kvit.dispute.DisputeFiles;
import kvit.money.Currency;
import kvit.payout.BusinessDays;
import kvit.payout.PayoutFiles;
import kvit.settlement.LineType;
import kvit.topup.ChargeFiles;
import kvit.topup.ChargeFiles.WentBack;
import org.jspecify.annotations.Nullable;

/**
 * What the processor will settle and has not: entries of card clearing that nothing has matched,
 * and the charges that went back, which the books never heard of.
 */
@ApplicationScoped
class Expectations {

    /** An operation's own time and that of its posting are not the same to the millisecond. */
    private static final Duration SLACK = Duration.ofDays(2);

    private record Open(UUID item, String kind, @Nullable UUID reverses, long minor, Instant at) {}

    private final Database database;
    private final PayoutFiles payouts;
    private final DisputeFiles disputes;
    private final ChargeFiles charges;
    private final BusinessDays days;
    private final Terms terms;

    Expectations(
            Database database,
            PayoutFiles payouts,
            DisputeFiles disputes,
            ChargeFiles charges,
            BusinessDays days,
            Terms terms) {
        this.database = database;
        this.payouts = payouts;
        this.disputes = disputes;
        this.charges = charges;
        this.days = days;
        this.terms = terms;
    }

    /** All of a currency, the oldest first. */
    List<Expectation> of(Currency currency) {
        var open =
                read(
                        "select item, kind, reverses, minor, at from recon_expected where currency = ?"
                                + " order by sequence",
                        in -> in.text(currency.name()));
        var expected = named(currency, open);
        expected.addAll(halves(currency));
        return expected;
    }

    /** Those of these that are still expected. */
    List<Expectation> find(Currency currency, Collection<UUID> items) {
        var open =
                read(
                        "select item, kind, reverses, minor, at from recon_expected"
                                + " where currency = ? and item = any (?)",
                        in -> in.text(currency.name()).uuids(items));
        var found = named(currency, open);
        halves(currency).stream().filter(it -> items.contains(it.item())).forEach(found::add);
        return found;
    }

    /**
     * What these files name and is of another currency.
     *
     * @param files whose lines are looked at
     */
    List<Expectation> elsewhere(Collection<UUID> files) {
        record Elsewhere(Currency currency, Open open) {}
        var found =
                database.query(
                        """
                        select distinct e.posting, p.kind, -e.minor, e.at, a.currency
                          from settlement_line l
                          join entry e on e.posting = cast(l.reference as uuid)
                          join account a on a.id = e.account and a.kind = 'CARD_CLEARING'
                                        and a.currency <> l.currency
                          join posting p on p.id = e.posting
                         where l.file = any (?)
                           and l.reference ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
                           and l.type <> 'BANK_TRANSFER'
                           and not exists (select from recon_item i
                                            where i.currency = a.currency and i.item = e.posting)
                        """,
                        in -> in.uuids(files),
                        row ->
                                new Elsewhere(
                                        Currency.valueOf(row.getString(5)),
                                        new Open(
                                                row.getObject(1, UUID.class),
                                                row.getString(2),
                                                null,
                                                row.getLong(3),
                                                row.getTimestamp(4).toInstant())));
        return found.stream()
                .flatMap(it -> named(it.currency(), List.of(it.open())).stream())
                .toList();
    }

    /**
     * What the processor owes us by the books, and by what is still expected.
     *
     * @param clearing minor units
     * @param expected of charges that went back as well
     */
    record Sums(long clearing, long expected) {}

    /** With one statement, so that what is posted meanwhile is in both or in neither. */
    Sums sums(Currency currency) {
        var halves = halves(currency).stream().mapToLong(Expectation::minor).sum();
        return database.query(
                        """
                        select coalesce((select -balance from account
                                          where owner is null and kind = 'CARD_CLEARING'
                                            and currency = ?), 0),
                               coalesce((select sum(minor) from recon_expected
                                          where currency = ?), 0)
                        """,
                        in -> in.text(currency.name()).text(currency.name()),
                        row -> new Sums(row.getLong(1), row.getLong(2) + halves))
                .get(0);
    }

    private List<Open> read(String sql, Consumer<Parameters> bind) {
        return database.query(
                sql,
                bind,
                row ->
                        new Open(
                                row.getObject(1, UUID.class),
                                row.getString(2),
                                row.getObject(3, UUID.class),
                                row.getLong(4),
                                row.getTimestamp(5).toInstant()));
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
        var paidOut = open.stream().filter(it -> it.kind().startsWith("payout")).toList();
        if (!paidOut.isEmpty()) {
            payouts.named(since(paidOut)).forEach(it -> names.put(it.posting(), it));
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
            case "payout-paid" -> LineType.PAYOUT;
            case "payout-returned" -> LineType.CORRECTION;
            case "chargeback" -> LineType.CHARGEBACK;
            case "chargeback-won" -> LineType.CHARGEBACK_REVERSED;
            default -> minor < 0 ? LineType.REFUND : LineType.OTHER;
        };
    }
}
