package kvit.identity;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is stored of a refresh token: never the token. */
@Entity
class RefreshToken {

    @Id byte[] hash;
    UUID session;
    byte[] salt;
    Instant issuedAt;
    Instant expiresAt;
    @Nullable Instant usedAt;

    boolean isUsed() {
        return usedAt != null;
    }

    /** Whether it may come again, because its answer may have been lost on the way. */
    boolean mayRepeatAt(Instant now, Duration grace) {
        return usedAt != null && now.isBefore(usedAt.plus(grace));
    }
}
