package kvit.operate;

import java.time.Instant;
import java.util.List;

/**
 * Whom an outside issuer vouches for, as its token says.
 *
 * @param subject the issuer's name for them, by which they are known again
 * @param roles ours; empty for who has none here
 * @param madeAt when the token was made
 */
record Outsider(
        String issuer,
        String subject,
        String email,
        String name,
        List<String> roles,
        Instant madeAt) {}
