package kvit.card;

import java.time.Instant;
import java.time.YearMonth;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A card as far as it may be shown; the rest is in the vault.
 *
 * @param expiry the last month that it is good for
 * @param reference the processor's name for it; null until it has one
 * @param funding where its money comes from; null until it has a reference
 * @param wayOut whether money can go out to it; null until it has a reference
 */
public record Card(
        UUID id,
        UUID customer,
        CardState state,
        Brand brand,
        String last4,
        YearMonth expiry,
        @Nullable String reference,
        @Nullable Funding funding,
        @Nullable WayOut wayOut,
        Instant createdAt) {

    /** One of whom nobody has been told yet is nobody's to see. */
    boolean isKnown() {
        return reference != null || state != CardState.PENDING_VERIFICATION;
    }

    Card registered(Registration.Registered as) {
        return new Card(
                id,
                customer,
                state,
                brand,
                last4,
                expiry,
                as.reference(),
                as.funding(),
                as.wayOut(),
                createdAt);
    }

    /**
     * @throws IllegalStateException when it cannot go there
     */
    Card become(CardState next) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException("card " + id + " is " + state + ", not to be " + next);
        }
        return new Card(
                id, customer, next, brand, last4, expiry, reference, funding, wayOut, createdAt);
    }
}
