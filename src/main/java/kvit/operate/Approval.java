package kvit.operate;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** What one operator has asked for, until another one decides. */
@Entity
@Table(name = "approval")
class Approval {

    @Schema(name = "ApprovalState")
    enum State {
        @JsonProperty("open")
        OPEN,
        @JsonProperty("executed")
        EXECUTED,
        @JsonProperty("rejected")
        REJECTED,
        /** Taken back by whoever had asked for it. */
        @JsonProperty("withdrawn")
        WITHDRAWN,
        /** What it was about has changed since. */
        @JsonProperty("stale")
        STALE,
        @JsonProperty("expired")
        EXPIRED
    }

    @Id
    @Column(updatable = false)
    UUID id;

    @Column(updatable = false)
    String action;

    @Column(updatable = false)
    String resource;

    @Column(updatable = false)
    String payload;

    /** SHA-256. */
    @Column(updatable = false)
    byte[] payloadDigest;

    @Column(updatable = false)
    String basis;

    @Column(updatable = false)
    String reason;

    @Column(updatable = false)
    UUID proposedBy;

    /** The roles that its maker had then. */
    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(updatable = false, columnDefinition = "text[]")
    String[] proposedAs;

    @Column(updatable = false)
    Instant proposedAt;

    @Column(updatable = false)
    Instant expiresAt;

    @Enumerated(EnumType.STRING)
    State state;

    @Nullable UUID decidedBy;
    @Nullable Instant decidedAt;
    @Nullable String decisionNote;

    /** What it is now: nobody has to write down that it has expired. */
    State stateAt(Instant now) {
        return state == State.OPEN && !now.isBefore(expiresAt) ? State.EXPIRED : state;
    }

    /** For the audit trail: a step of what two people do. */
    AuditTrail.Deed deed(
            AuditStep step, String why, @Nullable Object before, @Nullable Object after) {
        return new AuditTrail.Deed(action, step, resource, why, before, after, id);
    }

    /** Something of it, beside the digest by which the audit trail covers the whole request. */
    record Shown(String payloadSha256, @Nullable Object shown) {}

    static Shown shown(Approval approval, @Nullable Object it) {
        return new Shown(HexFormat.of().formatHex(approval.payloadDigest), it);
    }

    void settle(State newState, @Nullable UUID by, Instant at, @Nullable String note) {
        state = newState;
        decidedBy = by;
        decidedAt = at;
        decisionNote = note;
    }
}
