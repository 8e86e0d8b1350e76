package kvit.topup;

import static kvit.card.CardProblem.CARD_NOT_ACTIVE;
import static kvit.card.CardProblem.CARD_NOT_FOUND;
import static kvit.card.CardProblem.CARD_PROCESSOR_UNAVAILABLE;
import static kvit.ledger.LedgerProblem.BALANCE_OUT_OF_RANGE;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import kvit.card.Card;
import kvit.card.CardProcessor;
import kvit.card.CardState;
import kvit.card.Cards;
import kvit.card.NonsenseRefused;
import kvit.card.Reason;
import kvit.card.Result;
import kvit.idempotency.Answer;
import kvit.idempotency.Answers;
import kvit.idempotency.IdempotencyKey;
import kvit.idempotency.Keys;
import kvit.idempotency.TransferKeys;
import kvit.identity.ClientApp;
import kvit.ledger.MoneyTransactions;
import kvit.money.Money;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.source.Sha256;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Brings money from a card into the wallet.
 *
 * <p>The processor is called between two database transactions. The first one takes the key and
 * commits what is intended, word for word what the processor will be told; the second one what it
 * said, with the posting and the answer. Whatever goes wrong in between leaves a pending top-up,
 * and {@link ResolveTopUps} finds out what became of it.
 *
 * <p>Only one caller ever sends one: the first, or, where nothing was sent for certain, whoever
 * repeats the request. All others who come meanwhile are told that it is pending.
 */
@ApplicationScoped
class TopUpWallet {

    /** What is asked for. Its JSON is what a replay is recognised by. */
    record Order(UUID card, Money amount) {}

    /**
     * A request to charge a card under a key.
     *
     * @param client the front end that it came through
     * @param requestId of the HTTP request, for the answer
     */
    record Attempt(
            UUID customer, ClientApp client, IdempotencyKey key, String requestId, Order order) {}

    /** What the first transaction has come to: an answer, or something to be sent. */
    private record Claimed(@Nullable Answer answer, @Nullable TopUp toSend) {

        static Claimed answered(@Nullable Answer answer) {
            return new Claimed(answer, null);
        }
    }

    private static final Logger LOG = Logger.getLogger(TopUpWallet.class);

    /** Of one that could not be sent, and whose owner was told already that it is pending. */
    static final String NOT_SENT = "not_sent";

    /**
     * So long nobody asks what became of one, because whoever sends it is at it: longer than the
     * longest call and the transaction after it.
     */
    static final Duration UNDER_WAY = Duration.ofSeconds(30);

    private static final Duration SOON = Duration.ofSeconds(5);

    private final TopUpStore store;
    private final Keys keys;
    private final TransferKeys transferKeys;
    private final Cards cards;
    private final TopUpRules rules;
    private final TopUpSettlement settlement;
    private final CardProcessor processor;
    private final MoneyTransactions transactions;
    private final Answers answers;
    private final TopUpConfig config;
    private final Clock clock;
    private final Ids ids;

    TopUpWallet(
            TopUpStore store,
            Keys keys,
            TransferKeys transferKeys,
            Cards cards,
            TopUpRules rules,
            TopUpSettlement settlement,
            CardProcessor processor,
            MoneyTransactions transactions,
            Answers answers,
            TopUpConfig config,
            Clock clock,
            Ids ids) {
        this.store = store;
        this.keys = keys;
        this.transferKeys = transferKeys;
        this.cards = cards;
        this.rules = rules;
        this.settlement = settlement;
        this.processor = processor;
        this.transactions = transactions;
        this.answers = answers;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Answers 201 with the top-up, completed or pending, or 422 with the refusal, each as first
     * given.
     *
     * @throws Problem CARD_NOT_FOUND; CARD_PROCESSOR_UNAVAILABLE where nothing was sent: the same
     *     request sends it
     */
    Answer topUp(Attempt attempt) {
        var fingerprint =
                HexFormat.of()
                        .formatHex(
                                Sha256.of(
                                        TopUpResource.PATH
                                                + "\n"
                                                + answers.write(attempt.order())));
        var id = ids.next();
        var sending = new TopUp.Sending(ids.next(), clock.instant());
        var claimed = transactions.keyed(() -> claim(attempt, id, sending, fingerprint));
        if (claimed.answer() != null) {
            return claimed.answer();
        }
        var topUp = Objects.requireNonNull(claimed.toSend());
        var answer = sendAndConclude(attempt, topUp, sending);
        if (answer.answer() == null) {
            throw CARD_PROCESSOR_UNAVAILABLE
                    .because("This request has charged nothing; send the same again.")
                    .retryAfter(SOON);
        }
        return answer.answer();
    }

    private Claimed sendAndConclude(Attempt attempt, TopUp topUp, TopUp.Sending sending) {
        Result result;
        try {
            result = send(topUp, sending);
        } catch (NonsenseRefused e) {
            // It was the only call there ever is for this one, so nothing was charged.
            LOG.errorf(e, "the processor does not accept top-up %s", topUp.id());
            return transactions.keyed(() -> Claimed.answered(giveUp(attempt, topUp)));
        }
        return transactions.keyed(() -> Claimed.answered(conclude(attempt, topUp, result)));
    }

    /**
     * Whoever slept between the two is not to wake up and charge what others may have given up by
     * now. What sleeps longer still is found out, and given back.
     */
    private Result send(TopUp topUp, TopUp.Sending sending) {
        return clock.instant().isAfter(sending.at().plus(UNDER_WAY))
                ? new Result.NotSent(Reason.TOO_LATE)
                : processor.carryOut(topUp.charge());
    }

    private Claimed claim(Attempt attempt, UUID id, TopUp.Sending sending, String fingerprint) {
        var owned = new Keys.Owned(attempt.customer(), attempt.key().value());
        // In this order: what is taken by a top-up has its row from the same moment on.
        var taken = keys.taken(List.of(owned));
        var known = store.lockByKey(attempt.customer(), attempt.key().value()).orElse(null);
        if (known != null) {
            return replay(attempt, known, sending, fingerprint);
        }
        var transfer = transferKeys.transferOf(attempt.customer(), attempt.key().value());
        if (transfer.isPresent() || !taken.get().isEmpty()) {
            return Claimed.answered(
                    answers.reused(attempt.requestId(), "transferId", transfer.orElse(null)));
        }
        var card = card(attempt);
        var topUp =
                TopUp.intended(
                        id,
                        attempt.customer(),
                        card.id(),
                        attempt.order().amount(),
                        card.reference(),
                        sending);
        var verdict = decide(card, topUp, attempt);
        var refusal = verdict.refusal();
        var intended = refusal == null ? topUp : topUp.refused(refusal.type().code());
        var answer = refusal == null ? null : refused(intended, refusal, attempt);
        if (!keys.take(owned, id)) {
            throw new MoneyTransactions.Superseded("another request has the same key");
        }
        if (!store.insert(
                intended,
                attempt.key().value(),
                fingerprint,
                said(verdict),
                refusal == null ? sending.at().plus(UNDER_WAY) : null,
                answer)) {
            throw new MoneyTransactions.Superseded("another request has the same key");
        }
        if (answer == null) {
            return new Claimed(null, intended);
        }
        settlement.announceDeclined(intended);
        return Claimed.answered(answer);
    }

    private Card card(Attempt attempt) {
        return cards.find(attempt.customer(), attempt.order().card())
                .orElseThrow(() -> CARD_NOT_FOUND.because("No such card of yours."));
    }

    private TopUpRules.Verdict decide(Card card, TopUp topUp, Attempt attempt) {
        return card.state() == CardState.ACTIVE
                ? rules.decide(topUp, Objects.requireNonNull(card.funding()), attempt.client())
                : new TopUpRules.Verdict(
                        null,
                        CARD_NOT_ACTIVE.because("It waits for its code, or has been removed."));
    }

    private @Nullable String said(TopUpRules.Verdict verdict) {
        return verdict.said() == null ? null : answers.write(verdict.said());
    }

    /** Under the lock of the row, so that of many who come now one sends it. */
    private Claimed replay(
            Attempt attempt, TopUpStore.Stored known, TopUp.Sending sending, String fingerprint) {
        var topUp = known.topUp();
        if (!fingerprint.equals(known.fingerprint())) {
            return Claimed.answered(answers.reused(attempt.requestId(), "topUpId", topUp.id()));
        }
        if (topUp.isPending() && topUp.isSentBy(sending)) {
            // The connection was lost inside the COMMIT of this very claim: it is ours to send.
            return new Claimed(null, topUp);
        }
        if (known.answer() != null) {
            return Claimed.answered(known.answer());
        }
        if (topUp.isPending() && topUp.sending() == null) {
            return again(attempt, topUp, sending);
        }
        var answer = answer(topUp, attempt);
        store.answered(topUp, answer);
        return Claimed.answered(new Answer(answer.status(), answer.body(), true));
    }

    /** It was never sent, so it is decided as of now; under its own id, as ever. */
    private Claimed again(Attempt attempt, TopUp topUp, TopUp.Sending sending) {
        var verdict = decide(card(attempt), topUp, attempt);
        var refusal = verdict.refusal();
        store.ruled(topUp, said(verdict));
        if (refusal != null) {
            var declined = settlement.decline(topUp, refusal.type().code());
            var answer = refused(declined, refusal, attempt);
            store.answered(declined, answer);
            return Claimed.answered(answer);
        }
        var sent = topUp.sent(sending);
        store.update(sent, sending.at().plus(UNDER_WAY));
        return new Claimed(null, sent);
    }

    private Answer giveUp(Attempt attempt, TopUp sent) {
        var stored = store.lock(sent.customer(), sent.id()).orElseThrow();
        var known = stored.topUp();
        var ended = known.isPending() ? settlement.giveUp(known, Charges.NOT_ACCEPTED) : known;
        return firstAnswer(attempt, stored, ended);
    }

    private Answer firstAnswer(Attempt attempt, TopUpStore.Stored stored, TopUp settled) {
        if (stored.answer() != null) {
            return stored.answer();
        }
        var answer = answer(settled, attempt);
        store.answered(settled, answer);
        return answer;
    }

    /** Null where nothing was sent, and nobody was told anything yet. */
    private @Nullable Answer conclude(Attempt attempt, TopUp sent, Result result) {
        var stored = store.lock(sent.customer(), sent.id()).orElseThrow();
        var known = stored.topUp();
        if (known.isPending() && result instanceof Result.NotSent notSent) {
            LOG.warnf("top-up %s was not sent: %s", sent.id(), notSent.reason());
            if (known.isSentBy(sent.sending())) {
                notSent(stored);
            }
            return stored.answer();
        }
        var settled = settlement.settle(known, result);
        if (settled.isPending()) {
            store.update(settled, clock.instant().plus(config.askFirst()));
        }
        return firstAnswer(attempt, stored, settled);
    }

    /**
     * Under the lock of the row, and by whoever sent it last: that nothing was sent says nothing of
     * what somebody else is sending by now.
     */
    private void notSent(TopUpStore.Stored stored) {
        var unsent = stored.topUp().sent(null);
        if (stored.answer() == null) {
            store.update(unsent, clock.instant().plus(CardProcessor.ARRIVES_WITHIN));
        } else {
            // Whoever asked meanwhile knows that it is pending; nobody will send it again.
            settlement.giveUp(unsent, NOT_SENT);
        }
    }

    private Answer answer(TopUp topUp, Attempt attempt) {
        if (topUp.state() != TopUpState.DECLINED) {
            return answers.of(201, TopUpView.of(topUp));
        }
        var code = Objects.requireNonNull(topUp.declineCode());
        if (code.equals(BALANCE_OUT_OF_RANGE.code())) {
            return refused(
                    topUp,
                    BALANCE_OUT_OF_RANGE.because("What was charged goes back to the card."),
                    attempt);
        }
        return refused(topUp, Charges.declined(code), attempt);
    }

    private Answer refused(TopUp topUp, Problem refusal, Attempt attempt) {
        return answers.of(refusal.with("topUpId", topUp.id()), attempt.requestId());
    }
}
