package kvit.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import kvit.source.Clock;
import kvit.source.Sha256;

/**
 * Remembers access tokens that were found to be good, so that a signature is checked once and not
 * with every request. Known by their SHA-256: a picture of the memory is no bunch of keys.
 */
@ApplicationScoped
class VerifiedTokens {

    /** All 32 bytes: a part of them could be met by trying. */
    private record Digest(long first, long second, long third, long fourth) {

        static Digest of(String token) {
            var hash = ByteBuffer.wrap(Sha256.of(token));
            return new Digest(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
        }
    }

    private record Verified(AccessToken token, Instant expiresAt) {}

    private final Cache<Digest, Verified> remembered;
    private final Clock clock;

    VerifiedTokens(IdentityConfig config, Clock clock) {
        this.clock = clock;
        // The time is only for tidying up: whether a token has expired is looked at each time.
        this.remembered =
                Caffeine.newBuilder()
                        .maximumSize(config.tokensRemembered())
                        .expireAfterWrite(config.accessTokenLife())
                        .build();
    }

    /** Whose token it is, if it was good before and has not expired since. */
    Optional<AccessToken> find(String token) {
        var known = remembered.getIfPresent(Digest.of(token));
        return known != null && clock.instant().isBefore(known.expiresAt)
                ? Optional.of(known.token)
                : Optional.empty();
    }

    /**
     * @param accepted shared from here on by all requests with this token; what it gives out are
     *     texts, and copies of lists
     */
    void remember(String token, AccessToken accepted, Instant expiresAt) {
        remembered.put(Digest.of(token), new Verified(accepted, expiresAt));
    }
}
