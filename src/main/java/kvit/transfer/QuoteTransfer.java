package kvit.transfer;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import kvit.ledger.MoneyTransactions;
import kvit.money.Money;
import kvit.problem.ProblemBody;
import kvit.rules.Demand;
import kvit.rules.Limit;
import kvit.rules.Limits;
import kvit.rules.Operation;
import kvit.source.Ids;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Says what a transfer would get now, by deciding it in a transaction that is then undone: one that
 * only looked the same would one day say something else.
 */
@ApplicationScoped
class QuoteTransfer {

    @Schema(name = "QuoteVerdict")
    enum Verdict {
        @JsonProperty("allowed")
        ALLOWED,
        @JsonProperty("refused")
        REFUSED
    }

    enum Confirmation {
        /** One that is sent to the payer's phone; or their PIN in place of it. */
        @JsonProperty("code")
        CODE
    }

    /**
     * What a transfer would get now.
     *
     * @param fee what the payer would pay on top
     * @param confirmation what the payer would have to confirm it with; null where nothing
     * @param review whether somebody would have to look at it
     * @param waitsForPayee whether the money would wait for them: to prove the phone that it is
     *     sent to, or to add a card
     * @param limits those of the payer that would count it; empty where a rule refuses it before
     * @param problem what the transfer would be refused with
     */
    record Quote(
            Verdict verdict,
            Money amount,
            Money fee,
            @Nullable Confirmation confirmation,
            boolean review,
            boolean waitsForPayee,
            List<LimitView> limits,
            @Nullable ProblemBody problem) {}

    /**
     * A rolling limit as it stands.
     *
     * @param window how far back it looks
     * @param remaining what fits before this transfer
     */
    @Schema(name = "LimitLeft")
    record LimitView(
            String rule,
            @JsonFormat(shape = JsonFormat.Shape.STRING) Duration window,
            Money limit,
            Money used,
            Money remaining) {}

    private final SendMoney sendMoney;
    private final DecideFunded decideFunded;
    private final Limits limits;
    private final MoneyTransactions transactions;
    private final Ids ids;

    QuoteTransfer(
            SendMoney sendMoney,
            DecideFunded decideFunded,
            Limits limits,
            MoneyTransactions transactions,
            Ids ids) {
        this.sendMoney = sendMoney;
        this.decideFunded = decideFunded;
        this.ids = ids;
        this.limits = limits;
        this.transactions = transactions;
    }

    Quote quote(Attempt<SendMoney.Order> attempt) {
        var decision = transactions.undone(() -> decide(attempt));
        var amount = decision.transfer().amount();
        var refusal = decision.refusal();
        return new Quote(
                refusal == null ? Verdict.ALLOWED : Verdict.REFUSED,
                amount,
                Money.zero(amount.currency()),
                decision.transfer().state() == TransferState.REQUIRES_CONFIRMATION
                        ? Confirmation.CODE
                        : null,
                decision.transfer().review(),
                refusal == null && waitsForPayee(decision),
                limits(decision),
                refusal == null ? null : ProblemBody.of(refusal, attempt.requestId()));
    }

    private static boolean waitsForPayee(Decision<SendMoney.Order> decision) {
        return decision.transfer().phone() != null
                || (decision.ruling() != null && decision.ruling().demands().contains(Demand.CARD));
    }

    /** Nothing of it is written but what is held, which is undone: so no card is charged. */
    private Decision<SendMoney.Order> decide(Attempt<SendMoney.Order> attempt) {
        return attempt.order().funding() == null
                ? sendMoney.decide(List.of(attempt)).get(0)
                : decideFunded.decide(attempt, ids.next());
    }

    /** Never the payee's: how much they have received is theirs to know. */
    private List<LimitView> limits(Decision<SendMoney.Order> decision) {
        var ruling = decision.ruling();
        if (ruling == null) {
            return List.of();
        }
        var payers =
                ruling.limits().stream()
                        .filter(it -> it.tally().operation() == Operation.SEND && it.max() != null)
                        .toList();
        return limits.standings(payers, decision.transfer().createdAt()).stream()
                .map(QuoteTransfer::view)
                .toList();
    }

    private static LimitView view(Limits.Standing standing) {
        Limit limit = standing.limit();
        var currency = limit.tally().currency();
        var max = limit.max() == null ? 0 : limit.max();
        return new LimitView(
                limit.rule(),
                limit.window(),
                new Money(max, currency),
                new Money(standing.used(), currency),
                new Money(Math.max(0, max - standing.used()), currency));
    }
}
