package kvit.reconcile;

import static kvit.reconcile.ReconcileProblem.WRITE_OFF_TOO_LARGE;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import kvit.database.Database;
import kvit.ledger.Account;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.problem.Problem;
import kvit.source.Clock;

/** How much two may bear in the name of us all: at once, and on one day. */
@ApplicationScoped
class LossLimits {

    private final ReconcileConfig config;
    private final Map<Currency, Long> once;
    private final Map<Currency, Long> daily;
    private final Database database;
    private final Clock clock;

    LossLimits(ReconcileConfig config, Database database, Clock clock) {
        this.config = config;
        this.once = byCurrency("write-off-max-of", config.writeOffMaxOf());
        this.daily = byCurrency("write-off-day-max-of", config.writeOffDayMaxOf());
        this.database = database;
        this.clock = clock;
    }

    /**
     * Of a day it is certain only for whoever holds the currency; others are told in time.
     *
     * @param loss minor units, more than nothing
     * @throws Problem WRITE_OFF_TOO_LARGE
     */
    void require(long loss, Currency currency) {
        var max = once.getOrDefault(currency, config.writeOffMax());
        if (loss > max) {
            throw tooLarge("It is more than two may write off.", max, currency);
        }
        var left =
                Math.max(
                        0,
                        daily.getOrDefault(currency, config.writeOffDayMax()) - ofToday(currency));
        if (loss > left) {
            throw tooLarge("It is more than is left of today.", left, currency);
        }
    }

    private static Problem tooLarge(String detail, long max, Currency currency) {
        return WRITE_OFF_TOO_LARGE.because(detail).with("max", new Money(max, currency));
    }

    /** What reconciliation has borne since the day began, less what of it was taken back. */
    private long ofToday(Currency currency) {
        return database.query(
                        """
                        select coalesce(sum(-e.minor), 0)
                          from entry e
                          join posting p on p.id = e.posting
                         where e.account = ? and e.at >= ? and p.kind like 'settlement-%'
                        """,
                        in -> in.uuid(Account.losses(currency).id()).time(today()),
                        row -> row.getLong(1))
                .get(0);
    }

    private Instant today() {
        return clock.instant().atOffset(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS).toInstant();
    }

    private static Map<Currency, Long> byCurrency(String name, Map<String, Long> setting) {
        var limits = new EnumMap<Currency, Long>(Currency.class);
        setting.forEach(
                (code, minor) ->
                        limits.put(
                                Currency.of(code)
                                        .filter(it -> minor >= 0 && minor <= Money.MINOR_MAX)
                                        .orElseThrow(
                                                () ->
                                                        new IllegalStateException(
                                                                "kvit.reconcile.%s.%s is no amount"
                                                                        .formatted(name, code))),
                                minor));
        return limits;
    }
}
