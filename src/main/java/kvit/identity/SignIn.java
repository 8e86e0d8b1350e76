package kvit.identity;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One attempt to sign in: a phone, and at most one living code. */
@Entity
class SignIn {

    @Id UUID id;
    String phone;
    String region;
    @Nullable String locale;
    String client;
    String address;
    byte @Nullable [] codeMac;
    boolean codeDue;
    Instant expiresAt;
    Instant resendAt;
    int tries;
    int sends;
    Instant createdAt;
    @Nullable Instant confirmedAt;

    /** From here on the old code is dead, and a new one is on its way. */
    void requestCode(Instant now, Duration life, Duration resendGap) {
        codeMac = null;
        codeDue = true;
        expiresAt = now.plus(life);
        resendAt = now.plus(resendGap);
        tries = 0;
        sends++;
    }

    /** Only the sender of the code ever sees it; what stays here proves it. */
    void codeMade(byte[] mac) {
        codeMac = mac;
    }

    void codeSent() {
        codeDue = false;
    }

    boolean isOpenAt(Instant now) {
        return confirmedAt == null && codeMac != null && now.isBefore(expiresAt);
    }

    void confirm(Instant now) {
        confirmedAt = now;
        codeMac = null;
        codeDue = false;
    }
}
