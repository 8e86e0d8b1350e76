package kvit.claim;

import static kvit.claim.ClaimProblem.CLAIM_NOT_INVESTIGATED;
import static kvit.claim.ClaimProblem.CLAIM_SETTLED;

import java.time.Instant;
import java.util.UUID;
import kvit.ledger.Account;
import kvit.money.Money;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * What somebody says of a transfer of theirs, and what became of that.
 *
 * @param customer who has paid
 * @param amount what was left of the transfer when it was claimed
 * @param statement what they say, in their words or support's
 * @param due what is due by the deadline
 * @param deadline when the next thing is due: at first what {@code due} says, and while there is a
 *     credit the end
 * @param dueAt when what {@code due} says is due; null of one of before that was known
 * @param lastAt the end for whoever has the money meanwhile; null where there is no such day
 * @param way how it was made good; null unless it was
 */
record Claim(
        UUID id,
        UUID transfer,
        UUID customer,
        Money amount,
        ClaimKind kind,
        String statement,
        String country,
        ClaimPolicy.Due due,
        String legalReference,
        ClaimState state,
        Instant openedAt,
        String openedBy,
        Instant deadline,
        @Nullable Instant dueAt,
        @Nullable Instant lastAt,
        @Nullable Instant endedAt,
        @Nullable Way way) {

    Account wallet() {
        return Account.wallet(customer, amount.currency());
    }

    /**
     * This one, while something can be done about it.
     *
     * @throws Problem CLAIM_SETTLED
     */
    Claim requireOpen() {
        if (!state.isOpen()) {
            throw CLAIM_SETTLED
                    .because("Nothing can be done about it any more.")
                    .with("state", state);
        }
        return this;
    }

    /**
     * This one, while it can be decided.
     *
     * @throws Problem CLAIM_SETTLED, CLAIM_NOT_INVESTIGATED
     */
    Claim requireInvestigated() {
        requireOpen();
        if (state != ClaimState.INVESTIGATING) {
            throw CLAIM_NOT_INVESTIGATED.because("Say that somebody looks into it first.");
        }
        return this;
    }
}
