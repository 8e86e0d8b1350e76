package kvit.transfer;

import static kvit.ledger.LedgerProblem.BALANCE_OUT_OF_RANGE;
import static kvit.rules.RulesProblem.FUNDING_SOURCE_UNUSABLE;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import kvit.idempotency.Answer;
import kvit.idempotency.Keys;
import kvit.identity.People;
import kvit.identity.PersonProblem;
import kvit.identity.PersonRef;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.ledger.LedgerProblem;
import kvit.ledger.MoneyTransactions;
import kvit.ledger.Promise;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.outbox.Outbox;
import kvit.problem.Problem;
import kvit.problem.ProblemType;
import kvit.rules.Limits;
import kvit.rules.Rules;
import kvit.rules.RulesProblem;
import kvit.source.Clock;
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
    private final Rules rules;
    private final Limits limits;
    private final Ledger ledger;
    private final Charges charges;
    private final Outbox outbox;
    private final TransferMetrics metrics;
    private final MoneyTransactions transactions;
    private final Answers answers;
    private final Clock clock;
    private final Ids ids;

    PayByCard(
            SendMoney sendMoney,
            TransferStore store,
            CancellationStore cancellations,
            Keys keysElsewhere,
            People people,
            Rules rules,
            Limits limits,
            Ledger ledger,
            Charges charges,
            Outbox outbox,
            TransferMetrics metrics,
            MoneyTransactions transactions,
            Answers answers,
            Clock clock,
            Ids ids) {
        this.sendMoney = sendMoney;
        this.store = store;
        this.cancellations = cancellations;
        this.keysElsewhere = keysElsewhere;
        this.people = people;
        this.rules = rules;
        this.limits = limits;
        this.ledger = ledger;
        this.charges = charges;
        this.outbox = outbox;
        this.metrics = metrics;
        this.transactions = transactions;
        this.answers = answers;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Answers 201 with the transfer, completed or pending, or 422 with the refusal, each as first
     * given. Not in a transaction, and for as long as the processor takes.
     *
     * @throws Problem CARD_NOT_FOUND, which leaves the key free; TOO_MANY_REQUESTS
     */
    Answer pay(Attempt<SendMoney.Order> attempt) {
        sendMoney.requireLookUp(attempt);
        var id = ids.next();
        var claimed = transactions.keyed(() -> claim(attempt, id));
        if (claimed.isLookUp()) {
            sendMoney.note(attempt);
        }
        if (claimed.answer() != null) {
            return claimed.answer();
        }
        charges.carryOut(id);
        return transactions.keyed(() -> answer(attempt, id, false));
    }

    private Claimed claim(Attempt<SendMoney.Order> attempt, UUID id) {
        var owned = attempt.owned();
        var cancelling = cancellations.byKeys(List.of(owned));
        var elsewhere = keysElsewhere.taken(List.of(owned.elsewhere()));
        var known = store.byKeys(List.of(owned)).get(owned);
        if (known != null) {
            return new Claimed(replay(attempt, known, id), false);
        }
        var cancellation = cancelling.get().get(owned);
        if (cancellation != null || !elsewhere.get().isEmpty()) {
            var first = cancellation == null ? null : cancellation.transfer();
            return new Claimed(answers.reused(attempt, first), false);
        }
        var decision = decide(attempt, id);
        var stored = stored(decision);
        store.insertFunded(stored);
        if (decision.transfer().state() != TransferState.CHARGING) {
            outbox.add(List.of(TransferEvents.of(decision.transfer())));
            metrics.countWhenCommitted(List.of(decision.transfer()));
        }
        var isLookUp =
                decision.transfer().completedAt() == null
                        && attempt.order().payee().customerId() == null;
        return new Claimed(
                stored.body() == null ? null : new Answer(stored.status(), stored.body(), false),
                isLookUp);
    }

    /** Null where it is this very attempt's, whose COMMIT was lost: its card is to be charged. */
    private @Nullable Answer replay(
            Attempt<SendMoney.Order> attempt, TransferStore.Stored known, UUID id) {
        var transfer = known.transfer();
        if (!known.fingerprint().equals(attempt.fingerprint())) {
            return answers.reused(attempt, transfer.id());
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
        var payee = Objects.requireNonNull(transfer.payee());
        var answer =
                transfer.state() == TransferState.DECLINED
                        ? answers.of(refusal(transfer).with("transferId", transfer.id()), attempt)
                        : answers.of(
                                201,
                                TransferView.of(
                                        transfer, people.byIds(List.of(transfer.payer(), payee))));
        store.answered(transfer, answer);
        return new Answer(answer.status(), answer.body(), replayed);
    }

    private Problem refusal(Transfer transfer) {
        var code = Objects.requireNonNull(transfer.declineCode());
        return Stream.<ProblemType[]>of(
                        PersonProblem.values(), RulesProblem.values(), LedgerProblem.values())
                .flatMap(Arrays::stream)
                .filter(it -> it.code().equals(code))
                .findFirst()
                .map(it -> it.because("It cannot be any more; what was charged goes back."))
                .orElseGet(() -> charges.refusalOf(transfer.id()));
    }

    /** In the caller's transaction: with what is held, and what is about to be charged. */
    Decision<SendMoney.Order> decide(Attempt<SendMoney.Order> attempt, UUID id) {
        var now = clock.instant();
        var known = people.find(SendMoney.refs(List.of(attempt)));
        var payer = known.get(PersonRef.of(attempt.payer()));
        var payee = known.get(attempt.order().payee());
        var order = attempt.order();
        var source = Objects.requireNonNull(order.funding());
        var card = charges.require(attempt.payer(), source.card());
        var transfer =
                sendMoney
                        .transfer(attempt, payer, payee, now)
                        .as(id, new Funding(source.card(), source.use(), order.amount()));
        var refusal = card.refusal();
        if (refusal == null) {
            refusal = SendMoney.refusal(attempt, payer, payee);
        }
        if (refusal != null || payer == null || payee == null) {
            return Decision.refused(attempt, transfer, Objects.requireNonNull(refusal));
        }
        var ruling =
                Ruling.of(
                        rules,
                        payer,
                        payee,
                        attempt.client(),
                        card.instrument(),
                        order.amount(),
                        now);
        var withinLimits = withinLimits(transfer, ruling, now);
        // Under the lock of what is counted, so that cards charged side by side see each other.
        withinLimits.expecting(store.charging(transfer.payer()), now);
        refusal = refusal(transfer, ruling, withinLimits);
        if (refusal != null) {
            return Decision.refused(attempt, transfer, refusal).by(ruling);
        }
        return Decision.allowed(attempt, begun(transfer, source, ruling, now), payer, payee)
                .by(ruling);
    }

    private WithinLimits withinLimits(Transfer transfer, Ruling ruling, Instant now) {
        var candidate =
                new WithinLimits.Candidate(
                        transfer, ruling.limits(), ruling.thresholds(), WithinLimits.Word.SENT);
        return new WithinLimits(limits, List.of(candidate), UnaryOperator.identity(), now);
    }

    /** One rule a line, in the order of problems. */
    private @Nullable Problem refusal(Transfer transfer, Ruling ruling, WithinLimits withinLimits) {
        var byRules = ruling.refusal();
        if (byRules != null && byRules.type() != FUNDING_SOURCE_UNUSABLE) {
            return byRules;
        }
        var exceeded = withinLimits.refusal(transfer.posting("transfer"));
        if (exceeded != null || byRules != null) {
            return exceeded != null ? exceeded : byRules;
        }
        if (!ruling.demands().isEmpty() || withinLimits.needsConfirmation(transfer)) {
            // A card is charged at once or not at all: nobody waits for a code or a review with it.
            return FUNDING_SOURCE_UNUSABLE.because(
                    "This has to be confirmed or looked at, which a card does not wait for;"
                            + " pay from the wallet.");
        }
        var payee = Account.wallet(Objects.requireNonNull(transfer.payee()), currency(transfer));
        var room = Money.MINOR_MAX - ledger.balance(payee).balance().minor();
        return transfer.amount().minor() <= room
                ? null
                : BALANCE_OUT_OF_RANGE.because("An account counts up to 2^53 - 1 minor units.");
    }

    /**
     * Completed at once where the wallet covers all of it; otherwise the card is charged for what
     * it does not cover, and the rest is held.
     */
    private Transfer begun(Transfer transfer, CardSource source, Ruling ruling, Instant now) {
        var held = held(transfer, source);
        var charged = transfer.amount().minus(held);
        if (!charged.isPositive()) {
            var withinLimits = withinLimits(transfer, ruling, now);
            var outcome = ledger.post(List.of(transfer.posting("transfer")), withinLimits).get(0);
            withinLimits.write();
            if (outcome.refusal() != null) {
                throw new MoneyTransactions.Superseded(
                        "the wallet has just paid for something else");
            }
            return transfer.as(transfer.id(), new Funding(source.card(), source.use(), charged))
                    .completed(outcome.at());
        }
        if (held.isPositive()) {
            var promise = new Promise(transfer.id(), transfer.wallet(), held, null);
            if (ledger.post(List.of(promise)).get(0).refusal() != null) {
                throw new MoneyTransactions.Superseded(
                        "the wallet has just paid for something else");
            }
        }
        charges.intend(transfer.id(), transfer.payer(), source.card(), charged);
        return transfer.charging(new Funding(source.card(), source.use(), charged));
    }

    private Money held(Transfer transfer, CardSource source) {
        var none = Money.zero(currency(transfer));
        if (source.use() == FundingSource.Use.CARD) {
            return none;
        }
        var available = ledger.balance(transfer.wallet()).available();
        if (!available.isPositive()) {
            return none;
        }
        return available.minor() < transfer.amount().minor() ? available : transfer.amount();
    }

    private static Currency currency(Transfer transfer) {
        return transfer.amount().currency();
    }

    private TransferStore.Stored stored(Decision<SendMoney.Order> decision) {
        var attempt = decision.attempt();
        var transfer = decision.transfer();
        var refusal = decision.refusal();
        var ruling = decision.ruling();
        var answer =
                refusal != null
                        ? answers.of(refusal.with("transferId", transfer.id()), attempt)
                        : transfer.state() == TransferState.CHARGING
                                ? null
                                : answers.of(201, TransferView.of(transfer, decision.parties()));
        return new TransferStore.Stored(
                transfer,
                attempt.key().value(),
                attempt.fingerprint(),
                answer == null ? 0 : answer.status(),
                answer == null ? null : answer.body(),
                null,
                ruling == null ? null : answers.write(ruling),
                ruling == null ? null : answers.write(ruling.limits()));
    }
}
