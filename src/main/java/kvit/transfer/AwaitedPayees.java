package kvit.transfer;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import kvit.card.CardOwners;
import kvit.identity.People;
import kvit.identity.ProvenPhones;
import kvit.outbox.DeliveryFailed;
import kvit.outbox.Outbox;
import kvit.outbox.Subscriber;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import org.jboss.logging.Logger;

/**
 * Gives people what waits for them as soon as they are here: nobody who has signed in for it looks
 * for a button. Whoever does not want it gives it back, like any money that they are sent.
 *
 * <p>Whoever signs in waits for none of it: that something waits is an event of their transaction,
 * and each claim one of its own.
 */
@ApplicationScoped
class AwaitedPayees implements ProvenPhones, CardOwners, Subscriber<PayeeArrived> {

    private static final Logger LOG = Logger.getLogger(AwaitedPayees.class);

    /** More than anybody is sent before they are here. */
    private static final int MANY = 1_000;

    private final WaitingStore store;
    private final ClaimTransfer claimTransfer;
    private final People people;
    private final Outbox outbox;

    AwaitedPayees(WaitingStore store, ClaimTransfer claimTransfer, People people, Outbox outbox) {
        this.store = store;
        this.claimTransfer = claimTransfer;
        this.people = people;
        this.outbox = outbox;
    }

    @Override
    public void proven(UUID customer, String phone) {
        if (!store.unclaimedBy(customer, phone, 1).isEmpty()) {
            outbox.add(List.of(new PayeeArrived(customer)));
        }
    }

    @Override
    public void activated(UUID customer) {
        people.phoneOf(customer).ifPresent(it -> proven(customer, it));
    }

    @Override
    public Class<PayeeArrived> kind() {
        return PayeeArrived.class;
    }

    @Override
    public void deliver(PayeeArrived event) throws DeliveryFailed {
        var phone = people.phoneOf(event.customer());
        if (phone.isPresent()) {
            claimAll(event.customer(), store.unclaimedBy(event.customer(), phone.get(), MANY));
        }
    }

    /** One that cannot be claimed must not keep the others. */
    private void claimAll(UUID customer, List<UUID> transfers) throws DeliveryFailed {
        var left = 0;
        for (var transfer : transfers) {
            try {
                claim(customer, transfer);
            } catch (DeliveryFailed | RuntimeException e) {
                LOG.errorf(e, "%s cannot be claimed now", transfer);
                left++;
            }
        }
        if (left > 0) {
            throw DeliveryFailed.forNow(left + " are left", Optional.empty());
        }
    }

    /** What is refused was decided, and is told to its payer. */
    void claim(UUID customer, UUID transfer) throws DeliveryFailed {
        try {
            claimTransfer.claim(customer, transfer);
        } catch (Problem e) {
            if (e.type() == GeneralProblem.UNAVAILABLE) {
                throw DeliveryFailed.forNow(e.type().code(), Optional.empty());
            }
            LOG.infof("%s is not claimed: %s", transfer, e.type().code());
        }
    }
}
