package kvit.payout;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;
import kvit.database.Database;
import kvit.idempotency.Answer;

/** The table payout_cancellation: wishes to take a payout back, as the records of their keys. */
@ApplicationScoped
class PayoutCancellations {

    private final Database database;

    PayoutCancellations(Database database) {
        this.database = database;
    }

    /** Says whether it was new: a key that somebody else has just taken is not. */
    boolean insert(
            UUID customer, String key, String fingerprint, UUID payout, Answer answer, Instant at) {
        return database.update(
                        """
                        insert into payout_cancellation (customer, key, fingerprint, payout, created_at,
                                                         answer_status, answer)
                        values (?, ?, ?, ?, ?, ?, ?)
                        on conflict (customer, key) do nothing
                        """,
                        in ->
                                in.uuid(customer)
                                        .text(key)
                                        .text(fingerprint)
                                        .uuid(payout)
                                        .time(at)
                                        .number(answer.status())
                                        .text(answer.body()))
                == 1;
    }
}
