package kvit.payout;

import static jakarta.transaction.Transactional.TxType.MANDATORY;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import kvit.card.Named;
import kvit.database.Database;

/**
 * The table payout_trip: which pushes have taken their money from what the processor owes us, and
 * which of those it has given back. Its files say so of each, days before anybody knows whether the
 * money has arrived. What writes it has the payout under lock.
 */
@ApplicationScoped
class PayoutTrips {

    /**
     * A push whose money is away.
     *
     * @param posting by which the books say so
     * @param name of what took it, as the processor's files have it
     */
    record Trip(UUID posting, String name) {}

    private final Database database;

    PayoutTrips(Database database) {
        this.database = database;
    }

    /** Empty where the processor has never taken it, or has given it back. */
    @Transactional(MANDATORY)
    Optional<Trip> open(Payout payout) {
        return database.find(
                """
                select out_posting, out_name from payout_trip
                 where customer = ? and payout = ? and push = ? and back_at is null
                """,
                in -> in.uuid(payout.customer()).uuid(payout.id()).uuid(payout.push()),
                row -> new Trip(row.getObject(1, UUID.class), row.getString(2)));
    }

    @Transactional(MANDATORY)
    void out(Payout payout, Trip trip, Instant at) {
        database.update(
                """
                insert into payout_trip (customer, payout, push, out_posting, out_name, out_at)
                values (?, ?, ?, ?, ?, ?)
                """,
                in ->
                        in.uuid(payout.customer())
                                .uuid(payout.id())
                                .uuid(payout.push())
                                .uuid(trip.posting())
                                .text(trip.name())
                                .time(at));
    }

    /** The same name back as out where the processor has said none. */
    @Transactional(MANDATORY)
    void back(Payout payout, Trip back, Instant at) {
        database.update(
                """
                update payout_trip set back_posting = ?, back_name = ?, back_at = ?
                 where customer = ? and payout = ? and push = ?
                """,
                in ->
                        in.uuid(back.posting())
                                .text(back.name())
                                .time(at)
                                .uuid(payout.customer())
                                .uuid(payout.id())
                                .uuid(payout.push()));
    }

    /** The processor's names for what these postings say, out and back. */
    List<Named> named(Collection<UUID> postings) {
        var named = new ArrayList<Named>();
        for (var way : List.of("out", "back")) {
            named.addAll(
                    database.query(
                            "select %s_posting, push, %s_name from payout_trip".formatted(way, way)
                                    + " where %s_posting = any (?)".formatted(way),
                            in -> in.uuids(postings),
                            row ->
                                    new Named(
                                            row.getObject(1, UUID.class),
                                            row.getObject(2, UUID.class).toString(),
                                            Set.of(row.getString(3)))));
        }
        return named;
    }
}
