package kvit.reconcile;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import kvit.database.Database;
import kvit.ledger.Ledger;
import kvit.money.Currency;
import kvit.reconcile.SafeguardingView.Outside;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/** Compares what customers are owed with what is at the bank. */
@ApplicationScoped
class Safeguarding {

    private record Duplicates(long gross, long fees) {}

    private final Database database;
    private final Ledger ledger;
    private final Clock clock;

    Safeguarding(Database database, Ledger ledger, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * All of one moment.
     *
     * @param moment null is now
     */
    SafeguardingView of(Currency currency, @Nullable Instant moment) {
        var asOf = moment == null ? clock.instant() : moment;
        return ledger.asOfOneMoment(
                () ->
                        SafeguardingView.of(
                                currency,
                                asOf,
                                ledger.totals(currency, moment),
                                outside(currency, asOf)));
    }

    /** Of each account once, and only of accounts that a source names that is at work. */
    private Outside outside(Currency currency, Instant asOf) {
        record Closing(long minor, LocalDate day) {}
        var closings =
                database.query(
                        """
                        select distinct on (t.account) t.closing_minor, t.closed_on
                          from settlement_statement t
                         where t.currency = ? and t.closed_on <= cast(? as date)
                           and exists (select from settlement_source s
                                        where s.kind = 'BANK' and s.active
                                          and s.account = t.account
                                          and (s.currency is null or s.currency = t.currency))
                         order by t.account, t.chain desc, t.sequence desc
                        """,
                        in ->
                                in.text(currency.name())
                                        .text(
                                                asOf.atOffset(ZoneOffset.UTC)
                                                        .toLocalDate()
                                                        .toString()),
                        row -> new Closing(row.getLong(1), row.getObject(2, LocalDate.class)));
        var duplicates = duplicates(currency, asOf);
        return new Outside(
                closings.stream().mapToLong(Closing::minor).reduce(0, Math::addExact),
                closings.stream().map(Closing::day).min(LocalDate::compareTo).orElse(null),
                duplicates.gross(),
                duplicates.fees());
    }

    private Duplicates duplicates(Currency currency, Instant asOf) {
        return database.query(
                        """
                        select coalesce(sum(parked), 0), coalesce(sum(fee), 0)
                          from recon_break
                         where type = 'DUPLICATE_LINE' and parked > 0 and currency = ?
                           and opened_at <= ? and (resolved_at is null or resolved_at > ?)
                        """,
                        in -> in.text(currency.name()).time(asOf).time(asOf),
                        row -> new Duplicates(row.getLong(1), row.getLong(2)))
                .get(0);
    }
}
