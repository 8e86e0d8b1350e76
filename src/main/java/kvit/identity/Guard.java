package kvit.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The failures in a row of one phone, and what they lock. Four kinds are guessed at, and a success
 * takes back the failures of its own kind only: each proves something else, and whoever has one of
 * the things could otherwise guess another for ever, with a success in between.
 *
 * <p>All kinds together lock signing in. Only what fails within the customer's own sessions locks
 * what is asked there: anybody can type wrong codes for a phone that is not theirs.
 *
 * <p>Not shared between threads; whoever has one has its row under lock.
 */
final class Guard {

    enum Kind {
        SIGN_IN_CODE,
        CONFIRMATION_CODE,
        PIN,
        CARD_DIGITS
    }

    /** Failures in a row of one kind, and when the last one was. */
    record Tally(int failures, Instant failedAt) {
        static final Tally NONE = new Tally(0, Instant.EPOCH);
    }

    /**
     * A try that is counted as a failure before it is looked at.
     *
     * @param before what was counted of its kind without it
     * @param lock until when it has locked the customer's own sessions; null if it has not
     */
    record Try(Kind kind, Instant at, Tally before, @Nullable Instant lock) {}

    /**
     * How long a try locks before it is known to be wrong: longer than it takes to look at it, and
     * short, because it may be right, or nobody may be left to say.
     */
    static final Duration UNDECIDED = Duration.ofSeconds(5);

    private final IdentityConfig config;
    private final Map<Kind, Tally> tallies;
    private @Nullable Instant signInsLockedUntil;
    private @Nullable Instant lockedUntil;

    Guard(
            IdentityConfig config,
            Map<Kind, Tally> tallies,
            @Nullable Instant signInsLockedUntil,
            @Nullable Instant lockedUntil) {
        this.config = config;
        this.tallies = new EnumMap<>(Kind.class);
        this.tallies.putAll(tallies);
        this.signInsLockedUntil = signInsLockedUntil;
        this.lockedUntil = lockedUntil;
    }

    Tally tally(Kind kind) {
        return tallies.getOrDefault(kind, Tally.NONE);
    }

    /** Until when no code of a sign-in is looked at. */
    @Nullable Instant signInsLockedUntil() {
        return signInsLockedUntil;
    }

    /** Until when nothing is looked at that is asked in the customer's own sessions. */
    @Nullable Instant lockedUntil() {
        return lockedUntil;
    }

    boolean isEmpty() {
        return signInsLockedUntil == null
                && lockedUntil == null
                && Stream.of(Kind.values()).allMatch(it -> tally(it).failures() == 0);
    }

    Optional<Duration> signInsBlockedFor(Instant now) {
        return until(signInsLockedUntil, now);
    }

    Optional<Duration> blockedFor(Instant now) {
        return until(lockedUntil, now);
    }

    private static Optional<Duration> until(@Nullable Instant lock, Instant now) {
        return Optional.ofNullable(lock)
                .filter(it -> it.isAfter(now))
                .map(it -> Duration.between(now, it));
    }

    /** Counts what is known to be wrong. */
    void failed(Kind kind, Instant now) {
        count(kind, now);
        if (kind != Kind.SIGN_IN_CODE && ownFailures(now) >= config.triesMax()) {
            lockedUntil = now.plus(lock(ownFailures(now)));
        }
        lockSignIns(now);
    }

    void succeeded(Kind kind, Instant now) {
        tallies.put(kind, Tally.NONE);
        lift(now);
    }

    /**
     * Counts a try of the customer's own sessions that is going to be looked at. It is settled by
     * {@link #wasWrong}, {@link #wasRight} or {@link #takeBack}; by none of them if the service
     * dies meanwhile, and then it stays a failure.
     */
    Try begin(Kind kind, Instant now) {
        var before = living(kind, now);
        count(kind, now);
        var isOver = ownFailures(now) >= config.triesMax();
        if (isOver) {
            lockedUntil = now.plus(UNDECIDED);
        }
        return new Try(kind, now, before, isOver ? lockedUntil : null);
    }

    /** Locks only by the try that nobody may follow: what is still looked at may be right. */
    void wasWrong(Try tried, Instant now) {
        if (tried.lock() != null && ownFailures(now) >= config.triesMax()) {
            lockedUntil = now.plus(lock(ownFailures(now)));
        }
        lockSignIns(now);
        lift(now);
    }

    void wasRight(Try tried, Instant now) {
        tallies.put(tried.kind(), Tally.NONE);
        unlock(tried);
        lift(now);
    }

    /** As if it had never been; those of before stay, and grow no younger. */
    void takeBack(Try tried, Instant now) {
        var counted = tally(tried.kind());
        tallies.put(
                tried.kind(),
                new Tally(
                        Math.max(0, counted.failures() - 1),
                        counted.failedAt().equals(tried.at())
                                ? tried.before().failedAt()
                                : counted.failedAt()));
        unlock(tried);
        lift(now);
    }

    private void count(Kind kind, Instant now) {
        tallies.put(kind, new Tally(living(kind, now).failures() + 1, now));
    }

    /** Without failures of long ago, which are forgiven. */
    private Tally living(Kind kind, Instant now) {
        var tally = tally(kind);
        return tally.failedAt().isBefore(now.minus(config.failureMemory())) ? Tally.NONE : tally;
    }

    private int ownFailures(Instant now) {
        return failures(now) - living(Kind.SIGN_IN_CODE, now).failures();
    }

    private int failures(Instant now) {
        return Stream.of(Kind.values()).mapToInt(it -> living(it, now).failures()).sum();
    }

    private void lockSignIns(Instant now) {
        if (failures(now) >= config.triesMax()) {
            signInsLockedUntil = now.plus(lock(failures(now)));
        }
    }

    private void unlock(Try tried) {
        if (tried.lock() != null && tried.lock().equals(lockedUntil)) {
            lockedUntil = null;
        }
    }

    /** No lock outlives the failures that it was for. */
    private void lift(Instant now) {
        if (ownFailures(now) < config.triesMax()) {
            lockedUntil = null;
        }
        if (failures(now) < config.triesMax()) {
            signInsLockedUntil = null;
        }
    }

    private Duration lock(int failures) {
        var further = Math.min(failures - config.triesMax(), 20);
        var lock = config.lockFirst().multipliedBy(1L << further);
        return lock.compareTo(config.lockMax()) < 0 ? lock : config.lockMax();
    }
}
