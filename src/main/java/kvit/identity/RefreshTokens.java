package kvit.identity;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.SecretKey;
import kvit.source.Secrets;
import kvit.source.Sha256;
import org.hibernate.Session;

/** The table refresh_token, and how its tokens are made. */
@ApplicationScoped
class RefreshTokens implements PanacheRepositoryBase<RefreshToken, byte[]> {

    private static final int TOKEN_BYTES = 32;
    private static final int SALT_BYTES = 16;

    private final SecureRandom random;
    private final SecretKey key;
    private final IdentityConfig config;
    private final Session session;

    RefreshTokens(SecureRandom random, Secrets secrets, IdentityConfig config, Session session) {
        this.random = random;
        this.key = secrets.keyFor("refresh-token");
        this.config = config;
        this.session = session;
    }

    /** The first token of a family. */
    String first(UUID session, Instant now) {
        return store(encode(bytes(TOKEN_BYTES)), session, now);
    }

    /** The token that follows a used one, stored. */
    String next(RefreshToken used, String token, Instant now) {
        return store(successor(used, token), used.session, now);
    }

    /**
     * What follows a token is fixed when it is issued, so that a device that lost the answer gets
     * the very same one again. It takes the token, the server's key and the salt in the database to
     * know it before.
     */
    String successor(RefreshToken used, String token) {
        var mac = Secrets.hmac(key);
        mac.update(used.salt);
        return encode(mac.doFinal(token.getBytes(StandardCharsets.UTF_8)));
    }

    /** Which family a token belongs to, without reading anything that may change. */
    Optional<UUID> sessionOf(String token) {
        return session.createNativeQuery(
                        "select session from refresh_token where hash = :hash", UUID.class)
                .setParameter("hash", Sha256.of(token))
                .uniqueResultOptional();
    }

    /** Deletes a bounded number of those that expired before then; says how many. */
    int purge(Instant expiredBefore, int atMost) {
        return session.createNativeMutationQuery(
                        """
                        delete from refresh_token
                         where hash in (select hash
                                          from refresh_token
                                         where expires_at < :before
                                         limit :atMost)
                        """)
                .setParameter("before", expiredBefore)
                .setParameter("atMost", atMost)
                .executeUpdate();
    }

    /** As it stands; whoever holds the lock of its session is alone with it. */
    Optional<RefreshToken> find(String token) {
        return Optional.ofNullable(findById(Sha256.of(token)));
    }

    private String store(String token, UUID session, Instant now) {
        var row = new RefreshToken();
        row.hash = Sha256.of(token);
        row.session = session;
        row.salt = bytes(SALT_BYTES);
        row.issuedAt = now;
        row.expiresAt = now.plus(config.refreshTokenLife());
        persist(row);
        return token;
    }

    private byte[] bytes(int count) {
        var bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
