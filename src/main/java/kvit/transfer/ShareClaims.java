package kvit.transfer;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import kvit.problem.Problem;
import kvit.transfer.AskedShares.Change;
import kvit.transfer.AskedShares.Standing;

/**
 * Has those transfers that pay a share of a request keep in step with it. Costs the others nothing.
 */
@ApplicationScoped
class ShareClaims {

    private final AskedShares shares;

    ShareClaims(AskedShares shares) {
        this.shares = shares;
    }

    /** Why some may not be made, by the very attempt; with the shares under lock. */
    Map<Attempt<SendMoney.Order>, Problem> refusals(List<Attempt<SendMoney.Order>> attempts) {
        var refusals = new IdentityHashMap<Attempt<SendMoney.Order>, Problem>();
        var paying = attempts.stream().filter(it -> it.order().share() != null).toList();
        if (paying.isEmpty()) {
            return refusals;
        }
        var answers = shares.refusals(paying.stream().map(ShareClaims::wish).toList());
        for (var i = 0; i < answers.size(); i++) {
            var refusal = answers.get(i);
            if (refusal != null) {
                refusals.put(paying.get(i), refusal);
            }
        }
        return refusals;
    }

    private static AskedShares.Wish wish(Attempt<SendMoney.Order> attempt) {
        var order = attempt.order();
        return new AskedShares.Wish(
                Objects.requireNonNull(order.share()), attempt.payer(), order.amount());
    }

    /** They were made; of what is refused nothing becomes. */
    void made(List<Decision<SendMoney.Order>> decisions) {
        became(decisions.stream().filter(Decision::isAllowed).map(Decision::transfer).toList());
    }

    /** Before anything is decided about transfers that wait. */
    void lock(Collection<Transfer> transfers) {
        var asked = new ArrayList<ShareRef>();
        for (var transfer : transfers) {
            if (transfer.share() != null) {
                asked.add(transfer.share());
            }
        }
        if (!asked.isEmpty()) {
            shares.lock(asked);
        }
    }

    /** As they are now. */
    void became(Collection<Transfer> transfers) {
        var changes = new ArrayList<Change>();
        for (var transfer : transfers) {
            if (transfer.share() != null) {
                changes.add(
                        new Change(transfer.share(), transfer.id(), standing(transfer.state())));
            }
        }
        if (!changes.isEmpty()) {
            shares.become(changes);
        }
    }

    private static Standing standing(TransferState state) {
        return switch (state) {
            case REQUIRES_CONFIRMATION, PENDING, CHARGING, UNCLAIMED -> Standing.UNDER_WAY;
            // What is given back later was paid all the same.
            case COMPLETED, REFUNDED -> Standing.PAID;
            case DECLINED, CANCELLED, EXPIRED -> Standing.CAME_TO_NOTHING;
        };
    }
}
