package kvit.transfer;

import static kvit.transfer.TransferProblem.PAYEE_NOT_FOUND;
import static kvit.transfer.TransferProblem.TRANSFER_GONE_BACK;
import static kvit.transfer.TransferProblem.TRANSFER_NOT_FOUND;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import kvit.identity.People;
import kvit.identity.PersonRef;
import kvit.ledger.MoneyTransactions;
import kvit.problem.Problem;
import kvit.rules.Demand;
import kvit.rules.Rules;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Lets money that was sent to a phone go to whoever has proved that phone by signing in; and money
 * that waits for its payee's card, when they have one.
 *
 * <p>Nobody knew the payee when it was sent, so all rules are asked again, as of now. What they
 * refuse goes back to where it came from. Claiming once more what somebody has changes nothing, so
 * this needs no key.
 */
@ApplicationScoped
class ClaimTransfer {

    private final TransferStore store;
    private final People people;
    private final Rules rules;
    private final UnderWay underWay;
    private final Arrivals arrivals;
    private final Settlement settlement;
    private final MoneyTransactions transactions;
    private final TransferConfig config;
    private final Clock clock;

    ClaimTransfer(
            TransferStore store,
            People people,
            Rules rules,
            UnderWay underWay,
            Arrivals arrivals,
            Settlement settlement,
            MoneyTransactions transactions,
            TransferConfig config,
            Clock clock) {
        this.store = store;
        this.people = people;
        this.rules = rules;
        this.underWay = underWay;
        this.arrivals = arrivals;
        this.settlement = settlement;
        this.transactions = transactions;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Completes it; or keeps it for this customer where something else has to come first, which the
     * result says.
     *
     * @return the transfer as it is now
     * @throws Problem TRANSFER_NOT_FOUND, also for what was sent to another phone;
     *     TRANSFER_GONE_BACK; or that with which it was declined
     */
    Transfer claim(UUID customer, UUID id) {
        require(customer, store.find(id).orElseThrow(ClaimTransfer::notFound));
        var settled = transactions.keyed(() -> inTransaction(customer, id));
        if (settled.refusal() != null) {
            throw settled.refusal().with("transferId", id);
        }
        return settled.transfer();
    }

    /** A refusal is returned and commits, because a decline is kept. */
    private Settlement.Settled inTransaction(UUID customer, UUID id) {
        var stored = store.lockStored(id);
        var waiting = stored.transfer();
        // Once more under lock: somebody else may have it by now.
        require(customer, waiting);
        var now = clock.instant();
        if (waiting.state() != TransferState.UNCLAIMED) {
            requireSight(customer, waiting);
            return new Settlement.Settled(waiting, closed(customer, waiting));
        }
        return waiting.isWaitingAt(now)
                ? decide(stored, customer, now)
                : new Settlement.Settled(waiting, gone(waiting));
    }

    private void require(UUID customer, Transfer transfer) {
        if (!isFor(customer, transfer)) {
            throw notFound();
        }
    }

    /**
     * Until it waits for its payee there is nothing to claim, and they know nothing of it. From the
     * first claim on it is one customer's, whoever has the phone later.
     */
    private boolean isFor(UUID customer, Transfer transfer) {
        if (transfer.payee() != null || transfer.phone() == null) {
            return customer.equals(transfer.payee()) && transfer.isVisibleTo(customer);
        }
        return (transfer.state() == TransferState.UNCLAIMED || !transfer.state().isUnderWay())
                && !customer.equals(transfer.payer())
                && people.phoneOf(customer).filter(transfer.phone()::equals).isPresent();
    }

    /** To a payer who does not see them nobody has that phone, and nothing was sent to it. */
    private void requireSight(UUID customer, Transfer transfer) {
        var ref = PersonRef.of(customer);
        if (transfer.payee() == null
                && people.sight(List.of(PersonRef.of(transfer.payer()), ref))
                                .seenBy(transfer.payer(), ref)
                        == null) {
            throw notFound();
        }
    }

    private static @Nullable Problem closed(UUID customer, Transfer transfer) {
        return switch (transfer.state()) {
            case COMPLETED, REFUNDED -> null;
            case PENDING -> customer.equals(transfer.payee()) ? null : gone(transfer);
            default -> gone(transfer);
        };
    }

    private Settlement.Settled decide(StoredTransfer stored, UUID customer, Instant now) {
        var waiting = stored.transfer();
        var known = people.sight(List.of(PersonRef.of(waiting.payer()), PersonRef.of(customer)));
        var payer = known.person(PersonRef.of(waiting.payer()));
        // What somebody has claimed is theirs, and whom they block afterwards changes nothing.
        var payee =
                waiting.payee() == null
                        ? known.seenBy(waiting.payer(), PersonRef.of(customer))
                        : known.person(PersonRef.of(customer));
        var refusal = SendMoney.refusal(waiting.payer(), payer, payee);
        if (refusal != null && refusal.type() == PAYEE_NOT_FOUND) {
            // To this payer they are nobody, and what waits for nobody goes back by itself.
            throw notFound();
        }
        var claimed = waiting.claimedBy(customer);
        if (refusal != null || payer == null || payee == null) {
            return declined(claimed, refusal);
        }
        var ruling = underWay.ruledAgain(rules, stored, payer, payee, now);
        if (ruling.refusal() != null) {
            return declined(claimed, ruling.refusal());
        }
        if (arrivals.needsCard(customer, ruling)) {
            return waiting.payee() == null
                    ? settlement.waitOn(claimed)
                    : new Settlement.Settled(waiting, null);
        }
        if (ruling.demands().contains(Demand.REVIEW) && !waiting.review()) {
            return settlement.lookAt(
                    claimed.toReview(now.plus(config.reviewLife())), ruling.limits());
        }
        var arrived = settlement.arrive(stored, claimed, ruling.limits());
        return arrived.refusal() == null
                ? arrived
                : new Settlement.Settled(arrived.transfer(), told(arrived.refusal()));
    }

    private Settlement.Settled declined(Transfer claimed, @Nullable Problem refusal) {
        var why = Objects.requireNonNull(refusal);
        return new Settlement.Settled(
                settlement.decline(claimed, why.type().code(), null), told(why));
    }

    /** What a refusal says else is said to the payer, and is theirs to know. */
    private static Problem told(Problem refusal) {
        return refusal.type().because("It cannot be paid to you, and has gone back.");
    }

    private static Problem gone(Transfer transfer) {
        return TRANSFER_GONE_BACK
                .because("It has gone back to whoever sent it.")
                .with("transferId", transfer.id());
    }

    private static Problem notFound() {
        return TRANSFER_NOT_FOUND.because("Nothing of that name waits for you.");
    }
}
