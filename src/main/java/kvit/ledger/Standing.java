package kvit.ledger;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/** An account under lock, as the postings of the running batch leave it. */
class Standing {

    private final UUID id;
    private final @Nullable Long floor;
    private final @Nullable Account unopened;
    private long balance;
    private long held;
    private long sequence;
    private Instant movedAt;
    private boolean touched;

    Standing(
            UUID id,
            @Nullable Long floor,
            long balance,
            long held,
            long sequence,
            Instant movedAt) {
        this(id, floor, null, balance, held, sequence, movedAt);
    }

    private Standing(
            UUID id,
            @Nullable Long floor,
            @Nullable Account unopened,
            long balance,
            long held,
            long sequence,
            Instant movedAt) {
        this.id = id;
        this.floor = floor;
        this.unopened = unopened;
        this.balance = balance;
        this.held = held;
        this.sequence = sequence;
        this.movedAt = movedAt;
    }

    /** An account that no posting has touched yet: nothing in it, and no row to lock. */
    static Standing unopened(Account account, Instant now) {
        return new Standing(account.id(), account.kind().floor(), account, 0, 0, 0, now);
    }

    /** The account to open when it moves; empty for one that has a row. */
    Optional<Account> unopened() {
        return Optional.ofNullable(unopened);
    }

    /** Whether the amount may leave when that much of what is held pays for it. */
    boolean covers(long minor, long released) {
        return floor == null || balance - (held - released) - minor >= floor;
    }

    boolean canCount(long minor) {
        return Math.abs(balance + minor) <= Money.MINOR_MAX;
    }

    long available() {
        return balance - held;
    }

    /** Adds a line; the caller has asked before. */
    void move(long minor, Instant at) {
        balance += minor;
        sequence++;
        movedAt = at;
        touched = true;
    }

    void hold(long minor) {
        held += minor;
        touched = true;
    }

    void release(long minor) {
        held -= minor;
        touched = true;
    }

    /** Whether its row is to be written. */
    boolean isTouched() {
        return touched;
    }

    UUID id() {
        return id;
    }

    long balance() {
        return balance;
    }

    long held() {
        return held;
    }

    long sequence() {
        return sequence;
    }

    Instant movedAt() {
        return movedAt;
    }
}
