package kvit.operate;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** Somebody who answers for the books. Never deleted: their name stands in the past. */
@Entity
@Table(name = "operator")
class Operator {

    enum State {
        /** Named by somebody, and has not chosen a password. */
        INVITED,
        ACTIVE,
        DISABLED
    }

    @Id UUID id;
    String email;
    String name;

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(columnDefinition = "text[]")
    String[] roles;

    @Enumerated(EnumType.STRING)
    State state;

    @Nullable String passwordHash;

    /** Null where there is no second factor, as in the sandbox. */
    @Nullable Integer totpVersion;

    long totpStep;
    int failures;
    @Nullable Instant lockedUntil;
    byte @Nullable [] invitation;
    @Nullable Instant invitedUntil;
    Instant createdAt;

    boolean isLockedAt(Instant now) {
        return lockedUntil != null && now.isBefore(lockedUntil);
    }

    /** Each failure beyond the allowed ones locks for twice as long as the one before. */
    void failed(Instant now, int allowed, Duration first, Duration longest) {
        failures++;
        if (failures >= allowed) {
            var lock = first.multipliedBy(1L << Math.min(failures - allowed, 20));
            lockedUntil = now.plus(lock.compareTo(longest) < 0 ? lock : longest);
        }
    }

    void signedIn(long step) {
        failures = 0;
        lockedUntil = null;
        totpStep = step;
    }

    /** Whatever they had to prove themselves with is void, and they choose anew. */
    void invite(byte[] digest, Instant until) {
        state = State.INVITED;
        invitation = digest;
        invitedUntil = until;
        passwordHash = null;
    }

    boolean isInvitedAt(Instant now) {
        return state == State.INVITED && invitedUntil != null && now.isBefore(invitedUntil);
    }

    void enrol(String hash) {
        state = State.ACTIVE;
        invitation = null;
        invitedUntil = null;
        passwordHash = hash;
        totpVersion = totpVersion == null ? 1 : totpVersion + 1;
        totpStep = 0;
        failures = 0;
        lockedUntil = null;
    }

    OperatorView view() {
        return new OperatorView(id, email, name, List.of(roles));
    }
}
