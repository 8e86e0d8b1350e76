package kvit.identity;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One device of one customer, from its sign-in until it is revoked. */
@Entity
@Table(name = "session")
class DeviceSession {

    @Id UUID id;
    UUID customer;
    @Nullable String device;
    String client;
    Instant createdAt;
    Instant lastUsedAt;
    @Nullable Instant revokedAt;

    void revoke(Instant now) {
        if (revokedAt == null) {
            revokedAt = now;
        }
    }
}
