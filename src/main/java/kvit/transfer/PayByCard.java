package kvit.transfer;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import kvit.idempotency.Answer;
import kvit.idempotency.Answers;
import kvit.idempotency.Keys;
import kvit.identity.People;
import kvit.ledger.MoneyTransactions;
import kvit.outbox.Outbox;
import kvit.problem.Problem;
import kvit.source.Ids;
import kvit.topup.Charges;
import org.jspecify.annotations.Nullable;

/**
 * Sends money that a card pays for, all of it or what the wallet has not.
 *
 * <p>The transfer is committed as pending, with the part of the wallet held; then the card is
 * charged; then the money comes in and goes on, in one transaction. What cannot go on by then is
 * given back to the card, so a transfer that comes to nothing leaves nothing behind. Whoever asks
 * meanwhile is told that it is pending, and that becomes the answer of the key.
 *
 * <p>Where more than the payer's word is needed, it waits like any other, with the part of the
 * wallet held, and that is the answer; its card is charged when it goes on, by {@link BeginCharge}.
 */
@ApplicationScoped
class PayByCard {

    /** What the first transaction has come to: an answer, or a card to be charged. */
    private record Claimed(@Nullable Answer answer, boolean isLookUp) {}

    private final SendMoney sendMoney;
    private final TransferStore store;
    private final CancellationStore cancellations;
    private final Keys keysElsewhere;
    private final People people;
    private final DecideFunded decideFunded;
    private final RequestConfirmations requestConfirmations;
    private final WhyDeclined whyDeclined;
    private final Charges charges;
    private final Outbox outbox;
    private final TransferMetrics metrics;
    private final MoneyTransactions transactions;
    private final Answers answers;
    private final Ids ids;

    PayByCard(
            SendMoney sendMoney,
            TransferStore store,
            CancellationStore cancellations,
            Keys keysElsewhere,
            People people,
            DecideFunded decideFunded,
            RequestConfirmations requestConfirmations,
            WhyDeclined whyDeclined,
            Charges charges,
            Outbox outbox,
            TransferMetrics metrics,
            MoneyTransactions transactions,
            Answers answers,
            Ids ids) {
        this.sendMoney = sendMoney;
        this.store = store;
        this.cancellations = cancellations;
        this.keysElsewhere = keysElsewhere;
        this.people = people;
        this.decideFunded = decideFunded;
        this.requestConfirmations = requestConfirmations;
        this.whyDeclined = whyDeclined;
        this.charges = charges;
        this.outbox = outbox;
        this.metrics = metrics;
        this.transactions = transactions;
        this.answers = answers;
        this.ids = ids;
    }

    /**
     * Answers 201 with the transfer, completed, pending or to be confirmed, or 422 with the
     * refusal, each as first given. Not in a transaction, and for as long as the processor takes.
     *
     * @throws Problem CARD_NOT_FOUND and CARD_PROCESSOR_UNAVAILABLE, which leave the key free;
     *     TOO_MANY_REQUESTS
     */
    Answer pay(Attempt<SendMoney.Order> attempt) {
        sendMoney.requireLookUp(attempt);
        var id = ids.next();
        try (var call = charges.call()) {
            var claimed = transactions.keyed(() -> claim(attempt, id, call));
            if (claimed.isLookUp()) {
                sendMoney.note(attempt);
            }
            if (claimed.answer() != null) {
                return claimed.answer();
            }
            charges.carryOut(id, call);
        }
        return transactions.keyed(() -> answer(attempt, id, false));
    }

    private Claimed claim(Attempt<SendMoney.Order> attempt, UUID id, Charges.Call call) {
        var owned = attempt.owned();
        var cancelling = cancellations.byKeys(List.of(owned));
        var elsewhere = keysElsewhere.taken(List.of(owned.elsewhere()));
        var known = store.byKeys(List.of(owned)).get(owned);
        if (known != null) {
            var isOwn = known.transfer().id().equals(id);
            return new Claimed(
                    replay(attempt, known, id), isOwn && isLookUp(attempt, known.transfer()));
        }
        var cancellation = cancelling.get().get(owned);
        if (cancellation != null || !elsewhere.get().isEmpty()) {
            var first = cancellation == null ? null : cancellation.transfer();
            return new Claimed(answers.reused(attempt.requestId(), "transferId", first), false);
        }
        var decision = decideFunded.decide(attempt, id);
        var stored = stored(decision);
        store.insertFunded(stored);
        goOn(decision.transfer(), call);
        return new Claimed(
                stored.body() == null ? null : new Answer(stored.status(), stored.body(), false),
                isLookUp(attempt, decision.transfer()));
    }

    /** Its card is charged next; or somebody is told of it, and its payer asked to confirm it. */
    private void goOn(Transfer made, Charges.Call call) {
        if (made.state() == TransferState.CHARGING) {
            var funding = Objects.requireNonNull(made.funding());
            charges.intend(made.id(), made.payer(), funding.card(), funding.charged(), call);
            return;
        }
        outbox.add(List.of(TransferEvents.of(made)));
        requestConfirmations.request(List.of(made));
        metrics.countWhenCommitted(List.of(made));
    }

    private static boolean isLookUp(Attempt<SendMoney.Order> attempt, Transfer made) {
        return made.completedAt() == null && attempt.order().payee().customerId() == null;
    }

    /** Null where it is this very attempt's, whose COMMIT was lost: its card is to be charged. */
    private @Nullable Answer replay(
            Attempt<SendMoney.Order> attempt, StoredTransfer known, UUID id) {
        var transfer = known.transfer();
        if (!known.fingerprint().equals(attempt.fingerprint())) {
            return answers.reused(attempt.requestId(), "transferId", transfer.id());
        }
        if (transfer.id().equals(id) && transfer.state() == TransferState.CHARGING) {
            return null;
        }
        return known.body() == null
                ? answer(attempt, transfer.id(), true)
                : new Answer(known.status(), known.body(), true);
    }

    /** The first answer, or the one that it is from now on. */
    private Answer answer(Attempt<SendMoney.Order> attempt, UUID id, boolean replayed) {
        var stored = store.lockStored(id);
        if (stored.body() != null) {
            return new Answer(stored.status(), stored.body(), replayed);
        }
        var transfer = stored.transfer();
        var answer =
                transfer.state() == TransferState.DECLINED
                        ? answers.of(whyDeclined.of(transfer), attempt.requestId())
                        : answers.of(
                                201, TransferView.of(transfer, people.byIds(parties(transfer))));
        store.answered(transfer, answer);
        return new Answer(answer.status(), answer.body(), replayed);
    }

    private static List<UUID> parties(Transfer transfer) {
        return transfer.payee() == null
                ? List.of(transfer.payer())
                : List.of(transfer.payer(), transfer.payee());
    }

    private StoredTransfer stored(Decision<SendMoney.Order> decision) {
        var attempt = decision.attempt();
        var transfer = decision.transfer();
        var refusal = decision.refusal();
        var ruling = decision.ruling();
        var answer =
                refusal != null
                        ? answers.of(refusal.with("transferId", transfer.id()), attempt.requestId())
                        : transfer.state() == TransferState.CHARGING
                                ? null
                                : answers.of(201, TransferView.of(transfer, decision.parties()));
        return new StoredTransfer(
                transfer,
                attempt.key().value(),
                attempt.fingerprint(),
                answer == null ? 0 : answer.status(),
                answer == null ? null : answer.body(),
                ruling == null ? null : ruling.ruleSet(),
                ruling == null ? null : answers.write(ruling),
                ruling == null ? null : answers.write(ruling.limits()));
    }
}
