package kvit.identity;

import java.time.Instant;

/**
 * A confirmation that waits for its code.
 *
 * @param sentTo the phone, masked
 * @param expiresAt until when this code is good
 * @param resendAt from when another one may be asked for
 */
public record ConfirmationView(String sentTo, Instant expiresAt, Instant resendAt) {}
