package kvit.transfer;

import static kvit.ledger.LedgerProblem.BALANCE_OUT_OF_RANGE;
import static kvit.rules.RulesProblem.FUNDING_SOURCE_UNUSABLE;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import kvit.identity.People;
import kvit.identity.PersonRef;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.ledger.MoneyTransactions;
import kvit.ledger.Outcome;
import kvit.money.Money;
import kvit.problem.Problem;
import kvit.rules.Demand;
import kvit.rules.Limits;
import kvit.rules.Rules;
import kvit.source.Clock;
import kvit.topup.Charges;
import org.jspecify.annotations.Nullable;

/**
 * Decides about a transfer that a card is to pay for, or for what the wallet has not: what it is
 * refused for, what it has to wait for, and which of the two pays how much.
 */
@ApplicationScoped
class DecideFunded {

    private final SendMoney sendMoney;
    private final UnderWay underWay;
    private final Arrivals arrivals;
    private final ShareClaims shareClaims;
    private final People people;
    private final Rules rules;
    private final Limits limits;
    private final Ledger ledger;
    private final Charges charges;
    private final Clock clock;

    DecideFunded(
            SendMoney sendMoney,
            UnderWay underWay,
            Arrivals arrivals,
            ShareClaims shareClaims,
            People people,
            Rules rules,
            Limits limits,
            Ledger ledger,
            Charges charges,
            Clock clock) {
        this.sendMoney = sendMoney;
        this.underWay = underWay;
        this.arrivals = arrivals;
        this.shareClaims = shareClaims;
        this.people = people;
        this.rules = rules;
        this.limits = limits;
        this.ledger = ledger;
        this.charges = charges;
        this.clock = clock;
    }

    /**
     * In the caller's transaction, with what is held of the wallet. What is CHARGING is still to be
     * written, and after that what its card is to be charged.
     */
    Decision<SendMoney.Order> decide(Attempt<SendMoney.Order> attempt, UUID id) {
        var now = clock.instant();
        var known = people.sight(SendMoney.refs(List.of(attempt)));
        var payer = known.person(PersonRef.of(attempt.payer()));
        var order = attempt.order();
        var recipient = Recipient.of(attempt, known, people);
        var payee = Recipient.personOf(recipient);
        var source = Objects.requireNonNull(order.funding());
        var card = charges.require(attempt.payer(), source.card());
        var transfer =
                sendMoney
                        .transfer(attempt, payer, recipient, now)
                        .as(id, new Funding(source.card(), source.use(), order.amount()));
        var unpayable = shareClaims.refusals(List.of(attempt)).get(attempt);
        var refusal = unpayable == null ? card.refusal() : unpayable;
        if (refusal == null) {
            refusal = SendMoney.refusal(attempt.payer(), payer, payee);
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
        expectUnderWay(transfer.payer(), withinLimits, now);
        var funded = funded(transfer, source);
        refusal = refusal(funded, ruling, withinLimits);
        if (refusal != null) {
            return Decision.refused(attempt, transfer, refusal).by(ruling);
        }
        var demanding =
                withinLimits.needsConfirmation(transfer)
                        ? ruling.demanding(Demand.CONFIRMATION)
                        : ruling;
        var allowed = Decision.allowed(attempt, funded, payer, payee).by(demanding);
        var decision = arrivals.knowing(List.of(allowed)).get(0);
        var made = made(funded, Objects.requireNonNull(decision.ruling()), now);
        shareClaims.became(List.of(made));
        return decision.made(made);
    }

    /** For its payee it waits when it is paid for: what is promised to them is there. */
    private Transfer made(Transfer funded, Ruling ruling, Instant now) {
        var waiting = sendMoney.asDemanded(funded, ruling, now);
        return !waiting.state().isWaiting()
                        || (waiting.state() == TransferState.UNCLAIMED && funded.isPaidByCard())
                ? begun(funded, ruling, now)
                : held(waiting);
    }

    private void expectUnderWay(UUID payer, WithinLimits withinLimits, Instant now) {
        var all = underWay.of(Set.of(payer));
        withinLimits.expecting(all.stream().filter(it -> !UnderWay.isUnclaimed(it)).toList(), now);
        withinLimits.expectingOnWord(all.stream().filter(UnderWay::isUnclaimed).toList());
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
        var exceeded = withinLimits.refusal(transfer);
        if (exceeded != null || byRules != null) {
            return exceeded != null ? exceeded : byRules;
        }
        return isCountable(transfer)
                ? null
                : BALANCE_OUT_OF_RANGE.because("An account counts up to 2^53 - 1 minor units.");
    }

    /**
     * Whether the books can take it, as far as that can be said before the charge: what they refuse
     * afterwards has to be given back.
     */
    private boolean isCountable(Transfer transfer) {
        var currency = transfer.amount().currency();
        var charged = transfer.amount().minus(transfer.held()).minor();
        var payee = transfer.payee();
        var clearing = ledger.balance(Account.cardClearing(currency)).balance().minor();
        return (payee == null || transfer.amount().minor() <= room(Account.wallet(payee, currency)))
                && charged <= room(transfer.wallet())
                && charged <= Money.MINOR_MAX + clearing;
    }

    private long room(Account account) {
        return Money.MINOR_MAX - ledger.balance(account).balance().minor();
    }

    /** With what the card is to pay: all of it, or what the wallet has not at this moment. */
    private Transfer funded(Transfer transfer, CardSource source) {
        var charged = transfer.amount();
        if (source.use() == FundingSource.Use.WALLET_THEN_CARD) {
            var available = ledger.balance(transfer.wallet()).available();
            if (available.isPositive()) {
                charged = charged.minus(available.minor() < charged.minor() ? available : charged);
            }
        }
        return transfer.as(transfer.id(), new Funding(source.card(), source.use(), charged));
    }

    /** Completed at once where the wallet covers all of it; otherwise its card is charged next. */
    private Transfer begun(Transfer transfer, Ruling ruling, Instant now) {
        if (transfer.isPaidByCard()) {
            return held(transfer.chargedNext());
        }
        var withinLimits = withinLimits(transfer, ruling, now);
        var outcome = ledger.post(List.of(transfer.posting("transfer")), withinLimits).get(0);
        withinLimits.write();
        requireFunds(outcome);
        return transfer.completed(outcome.at());
    }

    private Transfer held(Transfer transfer) {
        if (transfer.held().isPositive()) {
            requireFunds(ledger.post(List.of(transfer.promise())).get(0));
        }
        return transfer;
    }

    private static void requireFunds(Outcome outcome) {
        if (outcome.refusal() != null) {
            throw new MoneyTransactions.Superseded("the wallet has just paid for something else");
        }
    }
}
