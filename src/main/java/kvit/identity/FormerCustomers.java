package kvit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import kvit.database.Database;
import kvit.problem.Problem;
import kvit.source.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * The tables former_customer, resting_handle and retention_policy: what has to stay of people who
 * have left, apart from everything that others read, and for how long.
 */
@ApplicationScoped
public class FormerCustomers {

    private static final int PORTION = 1_000;

    /**
     * Who somebody was.
     *
     * @param phone E.164
     * @param keepUntil when this is forgotten
     */
    public record Former(
            String phone, @Nullable LocalDate birthDate, Instant closedAt, Instant keepUntil) {}

    private final Database database;
    private final Phones phones;

    FormerCustomers(Database database, Phones phones) {
        this.database = database;
        this.phones = phones;
    }

    /** Empty of those who have not left, and of those who were forgotten. */
    public Optional<Former> find(UUID customer) {
        return database.find(
                """
                select phone, birth_date, closed_at, keep_until from former_customer where customer = ?
                """,
                in -> in.uuid(customer),
                row ->
                        new Former(
                                row.getString(1),
                                row.getObject(2, LocalDate.class),
                                row.getTimestamp(3).toInstant(),
                                row.getTimestamp(4).toInstant()));
    }

    /**
     * Those who have left and had that number, however it is spaced; the last one first.
     *
     * @throws Problem PHONE_INVALID
     */
    public List<UUID> byPhone(String phone) {
        return database.query(
                "select customer from former_customer where phone = ? order by closed_at desc",
                in -> in.text(phones.parse(phone).e164()),
                row -> row.getObject(1, UUID.class));
    }

    /** Nothing is left by which anybody could say who it was. */
    public void forget(UUID customer) {
        database.update("delete from former_customer where customer = ?", in -> in.uuid(customer));
    }

    /** Takes down who leaves, as their country wants it. */
    void keep(Customer customer, String phone, Instant now) {
        var birthDate = customer.birthDate == null ? null : customer.birthDate.toString();
        database.update(
                """
                insert into former_customer (customer, phone, birth_date, closed_at, keep_until)
                select cast(? as uuid), ?, cast(? as date), at, at + make_interval(years => years)
                  from (select cast(? as timestamptz) as at) moment,
                       (select years from retention_policy
                         where country in (?, '*')
                         order by country = '*'
                         limit 1) policy
                """,
                in ->
                        in.uuid(customer.id)
                                .text(phone)
                                .text(birthDate)
                                .time(now)
                                .text(customer.country));
    }

    /** Nobody has it until then. */
    void rest(String handle, Instant until) {
        database.update(
                "insert into resting_handle (digest, until) values (?, ?)",
                in -> in.bytes(Sha256.of(handle)).time(until));
    }

    boolean rests(String handle) {
        return database.find(
                        "select 1 from resting_handle where digest = ?",
                        in -> in.bytes(Sha256.of(handle)),
                        row -> true)
                .isPresent();
    }

    /** Gives back handles that have rested; at most so many. */
    boolean wake(Instant now) {
        return database.update(
                        """
                        delete from resting_handle
                         where digest in (select digest from resting_handle where until <= ? limit ?)
                        """,
                        in -> in.time(now).number(PORTION))
                == PORTION;
    }
}
