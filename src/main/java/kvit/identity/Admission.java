package kvit.identity;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * That somebody was let in, for what goes on after their request: it ends with their token, their
 * session or their front end.
 *
 * @param scopes what the token allows
 * @param expiresAt when the token does
 */
public record Admission(
        UUID customer, UUID session, String client, Set<String> scopes, Instant expiresAt) {}
