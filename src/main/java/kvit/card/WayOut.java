package kvit.card;

import org.jspecify.annotations.Nullable;

/**
 * Whether money can go out to a card, and by what name; the processor says so when the card is made
 * known to it. One of the two is there.
 *
 * @param reference what a {@link Operation.Push} names, which need not be what a charge names
 * @param refusal why nothing can go out: a word of ours, or the processor's
 */
public record WayOut(@Nullable String reference, @Nullable String refusal) {

    public WayOut {
        if ((reference == null) == (refusal == null)) {
            throw new IllegalArgumentException("either a way out or a reason why there is none");
        }
    }

    static WayOut by(String reference) {
        return new WayOut(reference, null);
    }

    static WayOut none(String refusal) {
        return new WayOut(null, refusal);
    }
}
