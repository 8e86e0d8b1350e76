package kvit.operate;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** Somebody who answers for the books. Never deleted: their name stands in the past. */
@Entity
@Table(name = "operator")
class Operator {

    @Schema(name = "OperatorState")
    enum State {
        /** Named by somebody, and has not chosen a password. */
        @JsonProperty("invited")
        INVITED,
        @JsonProperty("active")
        ACTIVE,
        @JsonProperty("disabled")
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

    /** The other half, where two persons have one each. */
    byte @Nullable [] invitationSecond;

    @Nullable Instant invitedUntil;

    /** Who asked for it, and so has the one half; null where somebody at the machine did. */
    @Nullable UUID invitedBy;

    /** Who agreed to it, and so has the other one. */
    @Nullable UUID vouchedBy;

    /** Who signs them in; null where Kvit does. */
    @Nullable String issuer;

    /** Whom the issuer means. */
    @Nullable String subject;

    /** When the token was made as whose it stands here; null where no issuer signs them in. */
    @Nullable Instant tokenAt;

    Instant createdAt;

    boolean isLockedAt(Instant now) {
        return lockedUntil != null && now.isBefore(lockedUntil);
    }

    /** From wherever; each failure beyond the allowed ones locks everywhere. */
    void failed(Lockout lockout, Instant now) {
        failures++;
        lockedUntil = lockout.after(failures, now);
    }

    void signedIn(long step) {
        failures = 0;
        lockedUntil = null;
        totpStep = step;
    }

    /** Whatever they had to prove themselves with is void, and they choose anew. */
    void invite(byte[] digest, Instant until) {
        invite(until);
        invitation = digest;
    }

    /** The same by two, who have yet to draw their halves. */
    void invite(UUID by, UUID vouching, Instant until) {
        invite(until);
        invitedBy = by;
        vouchedBy = vouching;
    }

    private void invite(Instant until) {
        forgetInvitation();
        state = State.INVITED;
        invitedUntil = until;
        passwordHash = null;
    }

    private void forgetInvitation() {
        invitation = null;
        invitationSecond = null;
        invitedBy = null;
        vouchedBy = null;
        invitedUntil = null;
    }

    boolean isInvitedAt(Instant now) {
        return state == State.INVITED && invitedUntil != null && now.isBefore(invitedUntil);
    }

    /** Says whether there is a half for them; a new one voids the one before. */
    boolean draw(UUID by, byte[] digest) {
        if (by.equals(invitedBy)) {
            invitation = digest;
            return true;
        }
        if (by.equals(vouchedBy)) {
            invitationSecond = digest;
            return true;
        }
        return false;
    }

    /** Whether that is all of the invitation: either half first, and nothing for none. */
    boolean isInvitedBy(byte[] one, byte @Nullable [] other) {
        if (invitedBy == null) {
            return other == null && Arrays.equals(invitation, one);
        }
        return invitation != null
                && invitationSecond != null
                && (areHalves(one, other) || areHalves(other, one));
    }

    private boolean areHalves(byte @Nullable [] first, byte @Nullable [] second) {
        return Arrays.equals(invitation, first) && Arrays.equals(invitationSecond, second);
    }

    void disable() {
        forgetInvitation();
        state = State.DISABLED;
    }

    /** Only for whom there is a way in; the others are invited anew. */
    void enable() {
        state = State.ACTIVE;
        failures = 0;
        lockedUntil = null;
    }

    boolean hasWayIn() {
        return passwordHash != null || issuer != null;
    }

    boolean isActiveAdmin() {
        return state == State.ACTIVE && issuer == null && List.of(roles).contains(Role.ADMIN);
    }

    void enrol(String hash) {
        forgetInvitation();
        state = State.ACTIVE;
        passwordHash = hash;
        totpVersion = totpVersion == null ? 1 : totpVersion + 1;
        totpStep = 0;
        failures = 0;
        lockedUntil = null;
    }

    OperatorView view() {
        return new OperatorView(id, email, name, List.of(roles), state, lockedUntil, issuer);
    }
}
