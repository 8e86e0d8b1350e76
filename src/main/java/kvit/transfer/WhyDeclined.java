package kvit.transfer;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import kvit.identity.PersonProblem;
import kvit.ledger.LedgerProblem;
import kvit.problem.Problem;
import kvit.problem.ProblemType;
import kvit.rules.RulesProblem;
import kvit.topup.Charges;

/** Says why a transfer has come to nothing whose card was to be charged, to its payer. */
@ApplicationScoped
class WhyDeclined {

    private final Charges charges;

    WhyDeclined(Charges charges) {
        this.charges = charges;
    }

    /** By what is kept of it: which limit it was, and how much fits, is not. */
    Problem of(Transfer declined) {
        var code = Objects.requireNonNull(declined.declineCode());
        return Stream.<ProblemType[]>of(
                        TransferProblem.values(),
                        PersonProblem.values(),
                        RulesProblem.values(),
                        LedgerProblem.values())
                .flatMap(Arrays::stream)
                .filter(it -> it.code().equals(code))
                .findFirst()
                .map(it -> it.because(detail(declined)))
                .orElseGet(() -> charges.refusalOf(declined.id()))
                .with("transferId", declined.id());
    }

    private String detail(Transfer declined) {
        return switch (charges.fateOf(declined.id())) {
            case NOT_BEGUN -> "It cannot be any more; nothing was charged.";
            case NOT_KEPT -> "It cannot be any more; what was charged goes back.";
            case IN_THE_WALLET ->
                    "It cannot be any more; what was charged is in your wallet, or held for a dispute.";
        };
    }
}
