package kvit.operate;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An operator, as colleagues see them.
 *
 * @param roles as of the last token where somebody else signs them in
 * @param lockedUntil after too many wrong tries; null for not
 * @param issuer who signs them in; null where Kvit does
 */
record OperatorView(
        UUID id,
        String email,
        String name,
        List<String> roles,
        Operator.State state,
        @Nullable Instant lockedUntil,
        @Nullable String issuer) {}
