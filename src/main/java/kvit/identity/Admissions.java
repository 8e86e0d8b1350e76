package kvit.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Knows who is no longer let in although their token is good: sessions that have ended, customers
 * that are blocked, front ends that are switched off.
 *
 * <p>It asks the database for what is new, a few times a second and for everybody at once, so that
 * no request has to. What is said here rests on an answer whose question was put at most {@link
 * IdentityConfig#admissionMemory} before a request came; where there is none, requests wait for the
 * next one together.
 */
@ApplicationScoped
class Admissions {

    /** Where the news come from; tests have them come late, or not at all. */
    interface Source {

        /**
         * What is new after that moment, by the database's clock; that may be repeated.
         *
         * @param after {@link Instant#EPOCH} for all that tokens may still be about of
         */
        News since(Instant after);
    }

    /**
     * @param at when it was asked, by the database's clock
     * @param ended sessions
     * @param blocked customers
     * @param unblocked customers that had been
     * @param clients all front ends, by id
     */
    record News(
            Instant at,
            List<UUID> ended,
            List<UUID> blocked,
            List<UUID> unblocked,
            Map<String, ClientRecord> clients) {}

    private record Waiting(long since, CompletableFuture<Void> heard) {}

    private static final Logger LOG = Logger.getLogger(Admissions.class);

    /** Leaves an answer most of the second that a revocation may take. */
    private static final Duration BETWEEN_POLLS = Duration.ofMillis(200);

    /**
     * What is new is stamped when its COMMIT begins, and seen when that has ended, which is later:
     * so much of the past is asked for once more.
     */
    private static final Duration COMMIT_MAX = Duration.ofSeconds(15);

    /**
     * One question of so many, each ten seconds, is for all that tokens may still be about of:
     * where a COMMIT takes longer than {@link #COMMIT_MAX}, because it waits for a standby or is
     * prepared and finished by hand, what it ends is stamped too long before it can be seen. A
     * session whose end is on its way is locked, so nobody gets new tokens for it meanwhile.
     */
    private static final int QUESTIONS_PER_WHOLE = 50;

    /**
     * As long as for a connection of the pool: whoever has waited so long is told to come again.
     */
    private static final Duration WAIT_MAX = Duration.ofSeconds(2);

    /** The socket gives up before. */
    private static final Duration LAST_POLL_MAX = Duration.ofSeconds(5);

    private final Source source;
    private final long memoryNanos;
    private final Cache<UUID, Boolean> ended;
    private final Cache<UUID, Boolean> blocked;
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService polls =
            Executors.newSingleThreadScheduledExecutor(Admissions::daemon);
    private volatile Map<String, ClientRecord> clients = Map.of();

    /** When the question was put whose answer is known, by the clock that nobody sets. */
    private volatile long askedAt;

    private Instant newsOf = Instant.EPOCH;

    /** Short questions before the next one for all. */
    private int untilWhole;

    private boolean answered = true;

    Admissions(Source source, IdentityConfig config) {
        this.source = source;
        this.memoryNanos = config.admissionMemory().toNanos();
        this.askedAt = System.nanoTime() - memoryNanos - 1;
        // Without a bound by number, since each that is forgotten would be let in; by time there is
        // one, and ending sessions costs text messages.
        this.ended =
                Caffeine.newBuilder().expireAfterWrite(AdmissionStore.tokensLive(config)).build();
        this.blocked =
                Caffeine.newBuilder().expireAfterWrite(AdmissionStore.tokensLive(config)).build();
    }

    /**
     * A thread of its own: the scheduler counts in seconds, and pauses while the last requests are
     * still under way.
     */
    @SuppressWarnings("FutureReturnValueIgnored")
    void start(@Observes StartupEvent event) {
        polls.scheduleWithFixedDelay(
                this::poll, 0, BETWEEN_POLLS.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** While there still is a pool to ask; a poll under way is waited for. */
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        polls.shutdown();
        if (!polls.awaitTermination(LAST_POLL_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("The database does not answer the last poll");
        }
    }

    /** Whether what is known will do for a request that comes now. */
    boolean isUpToDate() {
        return askedAt - enough(System.nanoTime()) >= 0;
    }

    /**
     * Waits until what is known will do for a request that came then, by {@link System#nanoTime}.
     * Ends with what went wrong if the database could not be asked.
     */
    CompletionStage<Void> upToDate(long cameAt) {
        return askedSince(enough(cameAt));
    }

    /** Waits for the answer to a question that was put after that, by {@link System#nanoTime}. */
    CompletionStage<Void> askedSince(long moment) {
        var heard = new CompletableFuture<Void>();
        waiting.add(new Waiting(moment, heard));
        // It may have come in between, and nobody would look at this one before the next.
        if (askedAt - moment >= 0) {
            heard.complete(null);
        }
        return heard.orTimeout(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
    }

    Optional<ClientRecord> client(String id) {
        return Optional.ofNullable(clients.get(id));
    }

    /** Whether such a token still counts; never through a front end that is not known. */
    boolean admits(UUID session, UUID customer, String client) {
        var through = clients.get(client);
        return through != null
                && through.state == ClientState.ACTIVE
                && ended.getIfPresent(session) == null
                && blocked.getIfPresent(customer) == null;
    }

    /** Ended here: holds at once, without waiting to be told. */
    void end(UUID session) {
        ended.put(session, true);
    }

    /** A question that was put then may be too old, the next one may not. */
    private long enough(long cameAt) {
        return cameAt - memoryNanos;
    }

    /** Asks once; only ever by one thread. */
    void poll() {
        var now = System.nanoTime();
        try {
            var news = source.since(untilWhole == 0 ? Instant.EPOCH : newsOf.minus(COMMIT_MAX));
            untilWhole = untilWholeAfter(news);
            learn(news);
            askedAt = now;
            settle(now, null);
            note(null);
        } catch (RuntimeException | Error e) {
            // An error too: without the next poll nobody would be let in any more.
            settle(now, e);
            note(e);
        }
    }

    private int untilWholeAfter(News news) {
        if (news.at.isBefore(newsOf)) {
            // Another server has taken over, whose clock is behind: next time all of it again.
            return 0;
        }
        return untilWhole == 0 ? QUESTIONS_PER_WHOLE - 1 : untilWhole - 1;
    }

    private void learn(News news) {
        news.ended.forEach(it -> ended.put(it, true));
        news.blocked.forEach(it -> blocked.put(it, true));
        blocked.invalidateAll(news.unblocked);
        clients = news.clients;
        newsOf = news.at;
    }

    private void settle(long asked, @Nullable Throwable failure) {
        for (var each = waiting.iterator(); each.hasNext(); ) {
            var next = each.next();
            if (asked - next.since >= 0) {
                each.remove();
                if (failure == null) {
                    next.heard.complete(null);
                } else {
                    next.heard.completeExceptionally(failure);
                }
            } else if (next.heard.isDone()) {
                each.remove();
            }
        }
    }

    /** The log hears of a change, and not five times a second. */
    private void note(@Nullable Throwable failure) {
        if (answered != (failure == null)) {
            answered = failure == null;
            if (failure == null) {
                LOG.info("Hears of ended sessions again");
            } else {
                LOG.warnf("Hears of no ended sessions: %s", failure.getMessage());
            }
        }
    }

    private static Thread daemon(Runnable work) {
        var thread = new Thread(work, "kvit-admissions");
        thread.setDaemon(true);
        return thread;
    }
}
