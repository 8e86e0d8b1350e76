package kvit.identity;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A customer as operators see them.
 *
 * @param phone masked: whoever has found them by it knows it, and nobody else needs it; null of one
 *     who is closed
 * @param country ISO 3166-1, as they say themselves
 * @param tier how well they are known
 * @param frozenAt when last, also of one who is not any more; null of one who never was
 * @param hasPin whether they have chosen one
 * @param payoutsHeldUntil nothing is paid out to a card before; null where nothing holds it
 * @param devices where they are signed in at this moment, the newest first
 */
public record CustomerFile(
        UUID id,
        State state,
        @Nullable String phone,
        @Nullable String displayName,
        @Nullable String handle,
        String country,
        @Nullable LocalDate birthDate,
        String locale,
        CustomerTier tier,
        Instant createdAt,
        @Nullable Instant frozenAt,
        boolean hasPin,
        @Nullable Instant payoutsHeldUntil,
        List<Device> devices) {

    /** What they may do. */
    @Schema(name = "CustomerState")
    public enum State {
        @JsonProperty("active")
        ACTIVE,
        /** Signs in and looks, but moves no money. */
        @JsonProperty("frozen")
        FROZEN,
        /** Does not sign in. */
        @JsonProperty("blocked")
        BLOCKED,
        /** Signs in and has their money paid out; nobody finds them. */
        @JsonProperty("closing")
        CLOSING,
        /** Was a customer: an id that the books name. */
        @JsonProperty("closed")
        CLOSED
    }

    /** A device that is signed in, and through which front end. */
    public record Device(
            UUID id,
            @Nullable String device,
            String client,
            Instant createdAt,
            Instant lastUsedAt) {}

    /** As the rules and the other capabilities know them. */
    public Person person() {
        return new Person(
                id,
                displayName,
                handle,
                country,
                birthDate,
                locale,
                Visibility.PRIVATE,
                tier,
                state == State.ACTIVE);
    }
}
