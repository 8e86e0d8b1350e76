package kvit.stream;

import static kvit.problem.GeneralProblem.UNAVAILABLE;
import static kvit.stream.StreamProblem.TOO_MANY_STREAMS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import kvit.identity.Admission;
import kvit.identity.StillAdmitted;
import kvit.notice.Notice;
import kvit.problem.Problem;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The open streams of this replica, and the one who reads for all of them: what is written is read
 * once, however many listen, and not at all while nobody does.
 */
final class Streams {

    private static final Logger LOG = Logger.getLogger(Streams.class);

    /** For what other replicas write, and for who is not admitted any more. */
    private static final Duration POLL = Duration.ofMillis(200);

    private static final Duration LAST_WORDS_MAX = Duration.ofSeconds(4);

    private static final int PORTION = 1_000;

    /** So that a thousand who come back at once leave connections to those who send money. */
    private static final int READERS = 2;

    private final Feed feed;
    private final Function<Admission, Optional<StillAdmitted.End>> end;
    private final Function<Notice, String> json;
    private final StreamConfig config;
    private final Consumer<String> ended;

    private final Object lock = new Object();

    /** Under the lock, as all that follows. */
    private final Map<UUID, List<OpenStream>> listening = new HashMap<>();

    private final Set<OpenStream> open = new HashSet<>();
    private final Map<UUID, Integer> ofCustomer = new HashMap<>();

    /** All up to here has been offered to those who listen. */
    private long position;

    private final Semaphore wake = new Semaphore(0);
    private final ExecutorService readers =
            Executors.newFixedThreadPool(READERS, it -> daemon(it, "streams-past"));
    private final Thread tail = daemon(this::work, "streams");

    private volatile boolean isStopping;

    /**
     * @param end whether somebody is not admitted any more
     * @param ended is told why each stream has ended
     */
    Streams(
            Feed feed,
            Function<Admission, Optional<StillAdmitted.End>> end,
            Function<Notice, String> json,
            StreamConfig config,
            Consumer<String> ended) {
        this.feed = feed;
        this.end = end;
        this.json = json;
        this.config = config;
        this.ended = ended;
    }

    void start() {
        tail.start();
    }

    /** Tells all who listen, so that they turn to another replica; opens no more. */
    void stop() throws InterruptedException {
        isStopping = true;
        wake();
        tail.join(LAST_WORDS_MAX.toMillis());
    }

    int open() {
        synchronized (lock) {
            return open.size();
        }
    }

    /** There may be something new. */
    void wake() {
        if (wake.availablePermits() == 0) {
            wake.release();
        }
    }

    /**
     * For whoever is about to open one.
     *
     * @throws Problem where there is no room, UNAVAILABLE or TOO_MANY_STREAMS
     */
    void requireRoom(UUID customer) {
        synchronized (lock) {
            var refusal = refusal(customer);
            if (refusal != null) {
                throw refusal;
            }
        }
    }

    private @Nullable Problem refusal(UUID customer) {
        if (isStopping || open.size() >= config.perReplica()) {
            return UNAVAILABLE
                    .because("No more streams are opened here right now.")
                    .retryAfter(config.heartbeat());
        }
        return ofCustomer.getOrDefault(customer, 0) >= config.perCustomer()
                ? TOO_MANY_STREAMS
                        .because("You have %d streams open.".formatted(config.perCustomer()))
                        .retryAfter(config.heartbeat())
                : null;
    }

    /**
     * Opens a stream, until it is {@link #closed}; it ends at once where others have taken the room
     * meanwhile.
     *
     * @param from what the client has; null for whoever wants what comes from here on
     */
    OpenStream open(Admission admission, Line line, @Nullable Long from) {
        var stream =
                new OpenStream(
                        admission,
                        line,
                        (number, atMost) -> feed.of(admission.customer(), number, atMost),
                        readers,
                        json,
                        this::closed,
                        System.nanoTime());
        if (takesPlace(stream)) {
            readers.execute(() -> begin(stream, from));
        } else {
            end(stream, "unavailable");
        }
        return stream;
    }

    private boolean takesPlace(OpenStream stream) {
        var customer = stream.admission().customer();
        synchronized (lock) {
            if (refusal(customer) != null) {
                return false;
            }
            open.add(stream);
            ofCustomer.merge(customer, 1, Integer::sum);
            return true;
        }
    }

    private void begin(OpenStream stream, @Nullable Long from) {
        try {
            attach(stream, from);
            stream.pump();
            wake();
            if (isStopping) {
                end(stream, "stopping");
            }
        } catch (RuntimeException e) {
            LOG.warnf("streams: not opened: %s", e.getMessage());
            end(stream, "unavailable");
        }
    }

    private void attach(OpenStream stream, @Nullable Long from) {
        var oldest = from == null ? 0 : feed.oldest();
        var last = feed.last();
        synchronized (lock) {
            if (stream.isOver()) {
                return;
            }
            if (listening.isEmpty()) {
                position = last;
            }
            var known = from == null ? last : from;
            // The replica that it was connected to may have been ahead of this one.
            var isWhole = known <= Math.max(position, last) && known >= oldest - 1;
            stream.begin(known, position, isWhole);
            listening
                    .computeIfAbsent(stream.admission().customer(), it -> new ArrayList<>())
                    .add(stream);
        }
    }

    /** The client has gone, or was told to. */
    void closed(OpenStream stream) {
        stream.gone();
        var customer = stream.admission().customer();
        synchronized (lock) {
            if (open.remove(stream)) {
                ofCustomer.computeIfPresent(customer, (it, n) -> n == 1 ? null : n - 1);
            }
            listening.computeIfPresent(
                    customer,
                    (it, own) -> {
                        own.remove(stream);
                        return own.isEmpty() ? null : own;
                    });
        }
    }

    private void work() {
        while (!isStopping) {
            try {
                if (isSilent()) {
                    wake.acquire();
                } else {
                    wake.tryAcquire(POLL.toMillis(), TimeUnit.MILLISECONDS);
                    offerNew();
                    look(System.nanoTime());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException | Error e) {
                // An error too: nobody on this replica would hear of anything any more.
                LOG.warnf("streams: %s", e.getMessage());
                LOG.debug("streams", e);
            }
        }
        all().forEach(it -> end(it, "stopping"));
    }

    private boolean isSilent() {
        synchronized (lock) {
            return listening.isEmpty();
        }
    }

    private List<OpenStream> all() {
        synchronized (lock) {
            return listening.values().stream().flatMap(List::stream).toList();
        }
    }

    /** Reads on from where the last one ended, for whoever listens by then. */
    private void offerNew() {
        List<Notice> next;
        do {
            long after;
            synchronized (lock) {
                after = position;
            }
            next = feed.after(after, PORTION);
            if (!next.isEmpty()) {
                offer(next, after);
            }
        } while (next.size() == PORTION);
    }

    private void offer(List<Notice> next, long after) {
        var byCustomer = next.stream().collect(Collectors.groupingBy(Notice::customer));
        var offers = new HashMap<OpenStream, List<Notice>>();
        synchronized (lock) {
            if (position != after) {
                // All had gone, and somebody has come who needs no more than what follows.
                return;
            }
            position = next.get(next.size() - 1).number();
            byCustomer.forEach(
                    (customer, own) ->
                            listening
                                    .getOrDefault(customer, List.of())
                                    .forEach(it -> offers.put(it, own)));
        }
        offers.forEach(this::offer);
    }

    /** A line that is broken must not cost the others what they are to be told. */
    private void offer(OpenStream stream, List<Notice> own) {
        try {
            stream.offer(own);
        } catch (RuntimeException e) {
            LOG.debug("streams: broken", e);
            stream.cut();
            closed(stream);
        }
    }

    /** Who may not listen any more, who takes nothing, and who has not heard of us for long. */
    private void look(long now) {
        long upTo;
        synchronized (lock) {
            upTo = position;
        }
        for (var stream : all()) {
            var over = end.apply(stream.admission());
            var silent = Duration.ofNanos(now - stream.sentAt());
            if (over.isPresent()) {
                end(stream, over.get().name().toLowerCase(Locale.ROOT));
            } else if (!stream.isReady() && silent.compareTo(config.stall()) > 0) {
                if (stream.cut()) {
                    ended.accept("stalled");
                }
                // The line of somebody who takes nothing may never say that it has ended.
                closed(stream);
            } else if (stream.isReady() && silent.compareTo(config.heartbeat()) > 0) {
                stream.sayAlive(upTo);
            }
        }
    }

    private void end(OpenStream stream, String reason) {
        if (stream.end(reason)) {
            ended.accept(reason);
        }
    }

    private static Thread daemon(Runnable work, String name) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
