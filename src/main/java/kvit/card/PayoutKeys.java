package kvit.card;

import static kvit.idempotency.KeyProblem.IDEMPOTENCY_KEY_REUSED;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import kvit.database.Database;
import kvit.idempotency.Answer;
import kvit.idempotency.IdempotencyKey;
import kvit.source.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * What a customer's key stands for already. A key is one for all that moves their money, so what
 * else takes keys is asked here as well, and nowhere else.
 */
@ApplicationScoped
class PayoutKeys {

    /**
     * A request under a key.
     *
     * @param fingerprint of the path and of what was asked for
     * @param requestId of the HTTP request, for the answer
     */
    record Claim(UUID customer, IdempotencyKey key, String fingerprint, String requestId) {}

    /**
     * @param id of what it was used for
     * @param member what a problem calls that id
     * @param answer as it is given from now on; null of what is answered elsewhere
     */
    private record Used(UUID id, String member, String fingerprint, @Nullable Answer answer) {}

    private final Database database;
    private final Answers answers;

    PayoutKeys(Database database, Answers answers) {
        this.database = database;
        this.answers = answers;
    }

    /** Takes down what is asked for under which key. */
    Claim claim(UUID customer, IdempotencyKey key, String path, Object order, String requestId) {
        var fingerprint = Sha256.of(path + "\n" + answers.write(order));
        return new Claim(customer, key, HexFormat.of().formatHex(fingerprint), requestId);
    }

    /** The first answer, or that the key was used for another request; empty where it is new. */
    Optional<Answer> answer(Claim claim) {
        return used(claim).map(it -> answer(claim, it));
    }

    /**
     * The same for a request that makes something with an id.
     *
     * @param own that id: if it is found, a COMMIT whose answer was lost has made it, and nobody
     *     has had its answer yet
     */
    Optional<Answer> answer(Claim claim, UUID own) {
        return used(claim)
                .map(
                        it -> {
                            var answer = answer(claim, it);
                            return it.id().equals(own)
                                    ? new Answer(answer.status(), answer.body(), false)
                                    : answer;
                        });
    }

    private Answer answer(Claim claim, Used used) {
        return used.answer() == null || !used.fingerprint().equals(claim.fingerprint())
                ? reused(claim, used)
                : used.answer();
    }

    private Answer reused(Claim claim, Used used) {
        return answers.of(
                IDEMPOTENCY_KEY_REUSED
                        .because("Its first use is another request; take a new key for a new one.")
                        .with(used.member(), used.id()),
                claim.requestId());
    }

    private Optional<Used> used(Claim claim) {
        var customer = claim.customer();
        var key = claim.key().value();
        return database.find(
                """
                select id, 'payoutId', fingerprint, answer_status, answer
                  from payout where customer = ? and key = ?
                union all
                select payout, 'payoutId', fingerprint, answer_status, answer
                  from payout_cancellation where customer = ? and key = ?
                union all
                select id, 'topUpId', fingerprint, null, null
                  from top_up where customer = ? and key = ?
                """,
                in -> in.uuid(customer).text(key).uuid(customer).text(key).uuid(customer).text(key),
                row ->
                        new Used(
                                row.getObject(1, UUID.class),
                                row.getString(2),
                                row.getString(3),
                                row.getString(5) == null
                                        ? null
                                        : new Answer(row.getInt(4), row.getString(5), true)));
    }
}
