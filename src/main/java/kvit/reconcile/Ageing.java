package kvit.reconcile;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kvit.database.Database;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.payout.BusinessDays;
import kvit.source.Clock;

/** How old open breaks are, in business days: for people, and as metrics. */
@ApplicationScoped
class Ageing {

    /** How old, as accountants count it. */
    enum Bucket {
        D0_1("0-1", 1),
        D2_3("2-3", 3),
        D4_7("4-7", 7),
        D8_30("8-30", 30),
        OLDER(">30", Integer.MAX_VALUE);

        private final String label;
        private final int until;

        Bucket(String label, int until) {
            this.label = label;
            this.until = until;
        }

        static Bucket of(int age) {
            for (var bucket : values()) {
                if (age <= bucket.until) {
                    return bucket;
                }
            }
            throw new IllegalArgumentException("older than anything: " + age);
        }
    }

    /**
     * Open breaks of one kind and age.
     *
     * @param bucket business days, from and to
     * @param amount of all together, each without its sign
     */
    record Row(Fault type, String bucket, long count, Money amount) {}

    private record Key(Fault type, Currency currency, Bucket bucket) {}

    private record Sum(long count, long minor) {}

    private record Found(Fault type, Currency currency, LocalDate day, long count, long minor) {}

    private final Database database;
    private final BusinessDays days;
    private final Terms terms;
    private final Clock clock;
    private final MultiGauge counts;
    private final MultiGauge amounts;

    Ageing(Database database, BusinessDays days, Terms terms, Clock clock, MeterRegistry metrics) {
        this.database = database;
        this.days = days;
        this.terms = terms;
        this.clock = clock;
        this.counts =
                MultiGauge.builder("kvit.recon.breaks")
                        .description("Open breaks by type, currency and age in business days")
                        .register(metrics);
        this.amounts =
                MultiGauge.builder("kvit.recon.break.amount.minor")
                        .description("What they come to, in minor units")
                        .register(metrics);
    }

    /** Where nothing is open, there is no row. */
    List<Row> rows() {
        var sums = new LinkedHashMap<Key, Sum>();
        for (var found : found()) {
            var country = terms.of(found.currency()).country();
            var age = days.since(country, found.day(), days.dayOf(country, clock.instant()));
            sums.merge(
                    new Key(found.type(), found.currency(), Bucket.of(age)),
                    new Sum(found.count(), found.minor()),
                    (one, other) ->
                            new Sum(one.count() + other.count(), one.minor() + other.minor()));
        }
        var rows = new ArrayList<Row>();
        sums.entrySet().stream()
                .sorted(
                        Comparator.comparing((Map.Entry<Key, Sum> it) -> it.getKey().type())
                                .thenComparing(it -> it.getKey().currency())
                                .thenComparing(it -> it.getKey().bucket()))
                .forEach(
                        it ->
                                rows.add(
                                        new Row(
                                                it.getKey().type(),
                                                it.getKey().bucket().label,
                                                it.getValue().count(),
                                                new Money(
                                                        it.getValue().minor(),
                                                        it.getKey().currency()))));
        return rows;
    }

    private List<Found> found() {
        var today = clock.instant().atOffset(ZoneOffset.UTC).toLocalDate().toString();
        return database.query(
                """
                select type, currency, booked_on, count(*), sum(abs(minor))
                  from recon_break
                 where state <> 'RESOLVED' and currency is not null
                   and not (state = 'EXPECTED' and due_on >= cast(? as date))
                 group by type, currency, booked_on
                """,
                in -> in.text(today),
                row ->
                        new Found(
                                Fault.valueOf(row.getString(1)),
                                Currency.valueOf(row.getString(2)),
                                row.getObject(3, LocalDate.class),
                                row.getLong(4),
                                row.getLong(5)));
    }

    @Scheduled(
            every = "1m",
            delayed = "20s",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void measure() {
        var rows = rows();
        counts.register(
                rows.stream().map(it -> MultiGauge.Row.of(tags(it), it.count())).toList(), true);
        amounts.register(
                rows.stream().map(it -> MultiGauge.Row.of(tags(it), it.amount().minor())).toList(),
                true);
    }

    private static Tags tags(Row row) {
        return Tags.of(
                "type",
                row.type().name(),
                "currency",
                row.amount().currency().name(),
                "bucket",
                row.bucket());
    }
}
