package kvit.request;

import static kvit.idempotency.KeyProblem.IDEMPOTENCY_KEY_REUSED;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import kvit.database.Database;
import kvit.idempotency.Answer;
import kvit.idempotency.Answers;
import kvit.idempotency.IdempotencyKey;
import kvit.idempotency.Keys;
import kvit.idempotency.TransferKeys;
import kvit.ledger.MoneyTransactions;
import kvit.source.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * The table request_key: what somebody has asked for under which key, and what they were told. A
 * row of its own, because a refusal leaves no request behind.
 */
@ApplicationScoped
class RequestKeys {

    /**
     * Something that is asked for under a key.
     *
     * @param fingerprint of the path and of what was asked for
     * @param requestId of the HTTP request, for the answer
     */
    record Claim(UUID customer, IdempotencyKey key, String fingerprint, String requestId) {}

    private record Used(String fingerprint, Answer answer) {}

    private final Database database;
    private final Keys keys;
    private final TransferKeys transferKeys;
    private final Answers answers;

    RequestKeys(Database database, Keys keys, TransferKeys transferKeys, Answers answers) {
        this.database = database;
        this.keys = keys;
        this.transferKeys = transferKeys;
        this.answers = answers;
    }

    Claim claim(UUID customer, IdempotencyKey key, String path, Order order, String requestId) {
        var fingerprint = Sha256.of(path + "\n" + answers.write(order));
        return new Claim(customer, key, HexFormat.of().formatHex(fingerprint), requestId);
    }

    /**
     * The first answer, or that the key was used for something else; empty where it is new.
     *
     * @param own if it is found, a COMMIT whose answer was lost has made it, and nobody has had its
     *     answer yet
     */
    Optional<Answer> answer(Claim claim, UUID own) {
        // In this order: what is taken here has its row from the same moment on.
        var standing = keys.standing(owned(claim));
        var used = used(claim);
        if (used.isPresent()) {
            // A refusal has no request: what the key stands for tells whose first answer it is.
            var isOwn = standing.get().filter(own::equals).isPresent();
            return used.map(it -> isOwn ? it.answer() : answer(claim, it));
        }
        var transfer = transferKeys.transferOf(claim.customer(), claim.key().value());
        if (transfer.isPresent() || standing.get().isPresent()) {
            return Optional.of(reused(claim, transfer.orElse(null)));
        }
        return Optional.empty();
    }

    private Answer answer(Claim claim, Used used) {
        var first = used.answer();
        return used.fingerprint().equals(claim.fingerprint())
                ? new Answer(first.status(), first.body(), true)
                : reused(claim, null);
    }

    private Answer reused(Claim claim, @Nullable UUID transfer) {
        var problem =
                IDEMPOTENCY_KEY_REUSED.because(
                        "Its first use is another request; take a new key for a new one.");
        return answers.of(
                transfer == null ? problem : problem.with("transferId", transfer),
                claim.requestId());
    }

    /**
     * Takes it for good, in the transaction that writes what it stands for.
     *
     * @param request null where it is a refusal that is kept
     * @throws MoneyTransactions.Superseded where somebody else has just taken it
     */
    void take(Claim claim, UUID id, @Nullable UUID request, Answer answer, Instant at) {
        if (!keys.take(owned(claim), id)) {
            throw new MoneyTransactions.Superseded("another request has the same key");
        }
        database.update(
                """
                insert into request_key (customer, key, fingerprint, request, created_at,
                                         answer_status, answer)
                values (?, ?, ?, ?, ?, ?, ?)
                """,
                in ->
                        in.uuid(claim.customer())
                                .text(claim.key().value())
                                .text(claim.fingerprint())
                                .uuid(request)
                                .time(at)
                                .number(answer.status())
                                .text(answer.body()));
    }

    private static Keys.Owned owned(Claim claim) {
        return new Keys.Owned(claim.customer(), claim.key().value());
    }

    private Optional<Used> used(Claim claim) {
        return database.find(
                """
                select fingerprint, answer_status, answer
                  from request_key where customer = ? and key = ?
                """,
                in -> in.uuid(claim.customer()).text(claim.key().value()),
                row ->
                        new Used(
                                row.getString(1),
                                new Answer(row.getInt(2), row.getString(3), false)));
    }
}
