package kvit.reconcile;

import static jakarta.transaction.Transactional.TxType.MANDATORY;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import kvit.database.Database;
import kvit.money.Currency;

/** The table recon_unpaid: what each processor has settled and not paid out. */
@ApplicationScoped
class Unpaid {

    /**
     * A balance that a processor keeps.
     *
     * @param minor below zero where it has paid more than it had settled
     * @param file that has said so last
     * @param since the last day of that file
     */
    record Left(String source, long minor, UUID file, LocalDate since) {}

    private final Database database;

    Unpaid(Database database) {
        this.database = database;
    }

    /** Of each processor that keeps anything. */
    List<Left> of(Currency currency) {
        return database.query(
                """
                select source, minor, file, since from recon_unpaid
                 where currency = ? and minor <> 0
                 order by source
                """,
                in -> in.text(currency.name()),
                row ->
                        new Left(
                                row.getString(1),
                                row.getLong(2),
                                row.getObject(3, UUID.class),
                                row.getObject(4, LocalDate.class)));
    }

    /** Of all of them together, minor units. */
    long sum(Currency currency) {
        return of(currency).stream().mapToLong(Left::minor).reduce(0, Math::addExact);
    }

    /** As it is by now. For whoever has the currency under lock. */
    @Transactional(MANDATORY)
    void write(Currency currency, Collection<Left> left) {
        database.update(
                """
                insert into recon_unpaid (currency, source, minor, file, since)
                select ?, source, minor, file, cast(since as date)
                  from unnest(?, ?, ?, ?) as l (source, minor, file, since)
                on conflict (currency, source)
                    do update set minor = excluded.minor, file = excluded.file,
                                  since = excluded.since
                """,
                in ->
                        in.text(currency.name())
                                .texts(left, Left::source)
                                .numbers(left, Left::minor)
                                .uuids(left, Left::file)
                                .texts(left, it -> it.since().toString()));
    }

    /**
     * It will not come any more.
     *
     * @param missing the break that says that it is missing
     * @return whether it is still the same
     */
    @Transactional(MANDATORY)
    boolean forget(UUID missing, long minor) {
        return database.update(
                        """
                        update recon_unpaid u set minor = 0
                          from recon_break b
                         where b.id = ? and u.currency = b.currency and u.source = b.source
                           and u.file = b.file and u.minor = ?
                        """,
                        in -> in.uuid(missing).number(minor))
                == 1;
    }
}
