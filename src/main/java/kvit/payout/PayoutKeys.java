package kvit.payout;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
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
 * What a customer's key stands for already. A key is one for all that moves their money, so what
 * else takes keys is asked here as well.
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
     * @param id of the payout
     * @param answer the first one
     */
    private record Used(UUID id, String fingerprint, Answer answer) {}

    private final Database database;
    private final Keys keys;
    private final TransferKeys transferKeys;
    private final Answers answers;

    PayoutKeys(Database database, Keys keys, TransferKeys transferKeys, Answers answers) {
        this.database = database;
        this.keys = keys;
        this.transferKeys = transferKeys;
        this.answers = answers;
    }

    /** Takes down what is asked for under which key. */
    Claim claim(UUID customer, IdempotencyKey key, String path, Object order, String requestId) {
        var fingerprint = Sha256.of(path + "\n" + answers.write(order));
        return new Claim(customer, key, HexFormat.of().formatHex(fingerprint), requestId);
    }

    /** The first answer, or that the key was used for another request; empty where it is new. */
    Optional<Answer> answer(Claim claim) {
        return answer(claim, it -> false);
    }

    /**
     * The same for a request that makes something with an id.
     *
     * @param own that id: if it is found, a COMMIT whose answer was lost has made it, and nobody
     *     has had its answer yet
     */
    Optional<Answer> answer(Claim claim, UUID own) {
        return answer(claim, it -> it.id().equals(own));
    }

    /**
     * Takes it for good, in the transaction that writes what it stands for.
     *
     * @throws MoneyTransactions.Superseded where somebody else has just taken it
     */
    void take(Claim claim, UUID id) {
        if (!keys.take(owned(claim), id)) {
            throw new MoneyTransactions.Superseded("another request has the same key");
        }
    }

    private Optional<Answer> answer(Claim claim, Predicate<Used> isNews) {
        // In this order: what is taken by a payout has its row from the same moment on.
        var taken = keys.taken(List.of(owned(claim)));
        var used = used(claim);
        if (used.isPresent()) {
            return used.map(it -> isNews.test(it) ? it.answer() : answer(claim, it));
        }
        var transfer = transferKeys.transferOf(claim.customer(), claim.key().value());
        if (transfer.isPresent()) {
            return Optional.of(reused(claim, "transferId", transfer.get()));
        }
        return taken.get().isEmpty()
                ? Optional.empty()
                : Optional.of(reused(claim, "payoutId", null));
    }

    private Answer answer(Claim claim, Used used) {
        return used.fingerprint().equals(claim.fingerprint())
                ? new Answer(used.answer().status(), used.answer().body(), true)
                : reused(claim, "payoutId", used.id());
    }

    private Answer reused(Claim claim, String member, @Nullable UUID first) {
        return answers.reused(claim.requestId(), member, first);
    }

    private static Keys.Owned owned(Claim claim) {
        return new Keys.Owned(claim.customer(), claim.key().value());
    }

    private Optional<Used> used(Claim claim) {
        var customer = claim.customer();
        var key = claim.key().value();
        return database.find(
                """
                select id, fingerprint, answer_status, answer
                  from payout where customer = ? and key = ?
                union all
                select payout, fingerprint, answer_status, answer
                  from payout_cancellation where customer = ? and key = ?
                """,
                in -> in.uuid(customer).text(key).uuid(customer).text(key),
                row ->
                        new Used(
                                row.getObject(1, UUID.class),
                                row.getString(2),
                                new Answer(row.getInt(3), row.getString(4), false)));
    }
}
