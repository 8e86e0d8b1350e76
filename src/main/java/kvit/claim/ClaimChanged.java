package kvit.claim;

import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import kvit.outbox.Event;

/** Something about a claim that its customer is told. */
record ClaimChanged(UUID claim, UUID customer, UUID transfer, Money amount, Step step, Instant at)
        implements Event {

    enum Step {
        RECEIVED,
        /** They have the money for the time being. */
        CREDITED,
        /** It was taken back. */
        CREDIT_RETURNED,
        /** They have it for good. */
        ACCEPTED,
        REJECTED
    }

    static ClaimChanged of(Claim claim, Step step, Instant at) {
        return new ClaimChanged(
                claim.id(), claim.customer(), claim.transfer(), claim.amount(), step, at);
    }

    @Override
    public UUID key() {
        return customer;
    }
}
