package kvit.reconcile;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import kvit.database.Database;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.payout.BusinessDays;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/**
 * How old open breaks are, files that wait and money that has not arrived, in business days: for
 * people, and as metrics.
 */
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
     * @param amount of all together, each without its sign; null of files that nobody could read
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Row(Fault type, String bucket, long count, @Nullable Money amount) {}

    /**
     * Good files that no run has dealt with: nobody has compared them with anything yet.
     *
     * @param bucket since they came
     */
    record WaitingFiles(Currency currency, String bucket, long count) {}

    /**
     * What processors owe us by their own word: kept by them, or paid and not at the bank.
     *
     * @param bucket since they have said so
     * @param amount below zero where they have paid more than they had settled
     */
    record Awaited(Where where, String source, String bucket, Money amount) {}

    /** Where money is that has been settled and is not at the bank. */
    enum Where {
        /** A balance that the processor keeps. */
        @JsonProperty("unpaid")
        UNPAID,
        /** A payout that the bank has not shown. */
        @JsonProperty("under_way")
        UNDER_WAY
    }

    private record Key(Fault type, @Nullable Currency currency, Bucket bucket) {

        static final Comparator<Key> ORDER =
                Comparator.comparing(Key::type)
                        .thenComparing(
                                Key::currency, Comparator.nullsFirst(Comparator.naturalOrder()))
                        .thenComparing(Key::bucket);
    }

    private record Sum(long count, long minor) {

        Sum plus(Sum other) {
            return new Sum(count + other.count, minor + other.minor);
        }
    }

    private record Found(
            Fault type, @Nullable Currency currency, LocalDate day, long count, long minor) {}

    /** As in {@link Terms}: where nothing says of which country, of none. */
    private static final String NO_COUNTRY = "XX";

    private static final String NO_CURRENCY = "none";

    private final Database database;
    private final RunStore runs;
    private final FileLines lines;
    private final Unpaid unpaid;
    private final BusinessDays days;
    private final Terms terms;
    private final Clock clock;
    private final MultiGauge counts;
    private final MultiGauge amounts;
    private final MultiGauge files;
    private final MultiGauge awaited;

    Ageing(
            Database database,
            RunStore runs,
            FileLines lines,
            Unpaid unpaid,
            BusinessDays days,
            Terms terms,
            Clock clock,
            MeterRegistry metrics) {
        this.database = database;
        this.runs = runs;
        this.lines = lines;
        this.unpaid = unpaid;
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
        this.files =
                MultiGauge.builder("kvit.recon.files.waiting")
                        .description("Good files that no run has dealt with, by currency and age")
                        .register(metrics);
        this.awaited =
                MultiGauge.builder("kvit.recon.awaited.minor")
                        .description("What processors keep, or have paid and no bank has shown")
                        .register(metrics);
    }

    /** Where nothing is open, there is no row. */
    List<Row> rows() {
        var sums = new TreeMap<Key, Sum>(Key.ORDER);
        for (var found : found()) {
            sums.merge(
                    new Key(
                            found.type(),
                            found.currency(),
                            Bucket.of(age(found.currency(), found.day()))),
                    new Sum(found.count(), found.minor()),
                    Sum::plus);
        }
        var rows = new ArrayList<Row>();
        sums.forEach(
                (key, sum) ->
                        rows.add(
                                new Row(
                                        key.type(),
                                        key.bucket().label,
                                        sum.count(),
                                        key.currency() == null
                                                ? null
                                                : new Money(sum.minor(), key.currency()))));
        return rows;
    }

    private int age(@Nullable Currency currency, LocalDate day) {
        var country = currency == null ? NO_COUNTRY : terms.of(currency).country();
        return days.since(country, day, days.dayOf(country, clock.instant()));
    }

    /** The same of files. */
    List<WaitingFiles> waiting() {
        record Came(Currency currency, LocalDate day, long count) {}
        var came =
                database.query(
                        """
                        select f.currency, cast(f.received_at at time zone 'UTC' as date), count(*)
                          from settlement_file f
                         where f.state = 'VALIDATED'
                           and
                        """
                                + Worlds.WAITS
                                + " group by 1, 2",
                        in -> {},
                        row ->
                                new Came(
                                        Currency.valueOf(row.getString(1)),
                                        row.getObject(2, LocalDate.class),
                                        row.getLong(3)));
        var counts = new TreeMap<Currency, Map<Bucket, Long>>();
        for (var it : came) {
            counts.computeIfAbsent(it.currency(), code -> new EnumMap<>(Bucket.class))
                    .merge(Bucket.of(age(it.currency(), it.day())), it.count(), Long::sum);
        }
        var waiting = new ArrayList<WaitingFiles>();
        counts.forEach(
                (currency, byBucket) ->
                        byBucket.forEach(
                                (bucket, count) ->
                                        waiting.add(
                                                new WaitingFiles(currency, bucket.label, count))));
        return waiting;
    }

    /** The same of what processors have settled and the bank has not. */
    List<Awaited> awaited() {
        record Place(Where where, String source, Bucket bucket) {}
        var all = new ArrayList<Awaited>();
        for (var currency : runs.currencies()) {
            var sums = new LinkedHashMap<Place, Long>();
            unpaid.of(currency)
                    .forEach(
                            it ->
                                    sums.merge(
                                            new Place(
                                                    Where.UNPAID,
                                                    it.source(),
                                                    Bucket.of(age(currency, it.since()))),
                                            it.minor(),
                                            Math::addExact));
            lines.payoutsUnderWay(currency)
                    .forEach(
                            it ->
                                    sums.merge(
                                            new Place(
                                                    Where.UNDER_WAY,
                                                    it.source(),
                                                    Bucket.of(age(currency, it.bookedOn()))),
                                            -it.net(),
                                            Math::addExact));
            sums.forEach(
                    (place, minor) ->
                            all.add(
                                    new Awaited(
                                            place.where(),
                                            place.source(),
                                            place.bucket().label,
                                            new Money(minor, currency))));
        }
        return all;
    }

    private List<Found> found() {
        var today = clock.instant().atOffset(ZoneOffset.UTC).toLocalDate().toString();
        return database.query(
                """
                select type, currency, booked_on, count(*), sum(abs(minor))
                  from recon_break
                 where state <> 'RESOLVED'
                   and not (state = 'EXPECTED' and due_on >= cast(? as date))
                 group by type, currency, booked_on
                """,
                in -> in.text(today),
                row ->
                        new Found(
                                Fault.valueOf(row.getString(1)),
                                currency(row.getString(2)),
                                row.getObject(3, LocalDate.class),
                                row.getLong(4),
                                row.getLong(5)));
    }

    private static @Nullable Currency currency(@Nullable String code) {
        return code == null ? null : Currency.valueOf(code);
    }

    /** On each replica the same of all: whoever adds them up over replicas has them twice. */
    @Scheduled(
            every = "1m",
            delayed = "20s",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void measure() {
        var rows = rows();
        counts.register(
                rows.stream().map(it -> MultiGauge.Row.of(tags(it), it.count())).toList(), true);
        amounts.register(
                rows.stream().map(it -> MultiGauge.Row.of(tags(it), minor(it))).toList(), true);
        files.register(
                waiting().stream()
                        .map(
                                it ->
                                        MultiGauge.Row.of(
                                                Tags.of(
                                                        "currency",
                                                        it.currency().name(),
                                                        "bucket",
                                                        it.bucket()),
                                                it.count()))
                        .toList(),
                true);
        awaited.register(
                awaited().stream()
                        .map(it -> MultiGauge.Row.of(tags(it), it.amount().minor()))
                        .toList(),
                true);
    }

    private static Tags tags(Awaited it) {
        return Tags.of(
                "where",
                it.where().name().toLowerCase(Locale.ROOT),
                "currency",
                it.amount().currency().name(),
                "source",
                it.source(),
                "bucket",
                it.bucket());
    }

    private static long minor(Row row) {
        return row.amount() == null ? 0 : row.amount().minor();
    }

    private static Tags tags(Row row) {
        return Tags.of(
                "type",
                row.type().name(),
                "currency",
                row.amount() == null ? NO_CURRENCY : row.amount().currency().name(),
                "bucket",
                row.bucket());
    }
}
