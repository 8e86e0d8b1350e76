package kvit.identity;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A registered front end, as its operators see it: without its secrets, which nobody has.
 *
 * @param ownerCountry where the platform's owner sits, ISO 3166-1
 * @param confidential whether it proves itself with a secret
 * @param scopes what its sessions may do, see {@link Scope}
 * @param carries the classes of people's data that pass through the platform
 * @param previousSecretEndsAt when the secret that was replaced last ends, or has ended; null where
 *     none was
 */
record ClientView(
        String id,
        String name,
        String platform,
        String ownerCountry,
        boolean confidential,
        Set<String> scopes,
        Set<String> carries,
        ClientState state,
        @Nullable Instant previousSecretEndsAt) {}
