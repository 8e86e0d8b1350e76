package kvit.stream;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import kvit.identity.Admission;
import kvit.identity.NoticeScopes;
import kvit.notice.Notice;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What one client has been told and is to be told.
 *
 * <p>All up to {@code given} has left. What follows up to {@code past} is read from the table, in
 * pages; what comes after that is offered as it is written, and waits in a queue. Who is slow, or
 * was away for long, has a queue that is full: it is dropped, and {@code past} goes on to its end.
 * So nothing is left out, nothing comes twice, and nobody has more than a page and a queue.
 */
final class OpenStream {

    /** Of a customer who listens few things wait: whoever has more is read for. */
    static final int QUEUE = 50;

    static final int PAGE = 100;

    /**
     * The letter before may be on its way when a stream ends, which takes a moment; whoever does
     * not take it within this is not told why.
     */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private static final Logger LOG = Logger.getLogger(OpenStream.class);

    /** What this customer was told, as the table has it. */
    interface Past {
        List<Notice> after(long number, int atMost);
    }

    private final Admission admission;
    private final Line line;
    private final Past table;
    private final Executor readers;
    private final Function<Notice, String> json;
    private final Consumer<OpenStream> whenGivenUp;

    private final AtomicInteger pumps = new AtomicInteger();
    private final Deque<Notice> page = new ArrayDeque<>();
    private final Deque<Notice> queue = new ArrayDeque<>();
    private final Deque<Letter> first = new ArrayDeque<>();
    private long given;
    private long past;
    private long seen;
    private long pageEnd;
    private boolean isReading;
    private boolean isAliveDue;
    private boolean isOver;
    private @Nullable Letter last;
    private volatile long sentAt;

    /**
     * @param whenGivenUp hears of it when the line was cut, which may never say so itself
     */
    OpenStream(
            Admission admission,
            Line line,
            Past table,
            Executor readers,
            Function<Notice, String> json,
            Consumer<OpenStream> whenGivenUp,
            long now) {
        this.admission = admission;
        this.line = line;
        this.table = table;
        this.readers = readers;
        this.json = json;
        this.whenGivenUp = whenGivenUp;
        this.sentAt = now;
    }

    Admission admission() {
        return admission;
    }

    /**
     * From here on it is offered everything above {@code live}; what is between has to be read.
     *
     * @param from what the client has
     * @param isWhole whether everything between is still there
     */
    synchronized void begin(long from, long live, boolean isWhole) {
        given = isWhole ? from : live;
        past = live;
        seen = live;
        first.add(isWhole ? Letter.alive(given) : Letter.reset(given));
    }

    /** The next ones of this customer. */
    void offer(List<Notice> own) {
        synchronized (this) {
            for (var notice : own) {
                if (queue.size() == QUEUE) {
                    queue.clear();
                    past = notice.number();
                } else if (notice.number() > Math.max(past, given)) {
                    queue.add(notice);
                }
            }
        }
        pump();
    }

    /** When something was sent last, or it was found that nothing can be. */
    long sentAt() {
        return sentAt;
    }

    boolean isReady() {
        return line.isReady();
    }

    /** Everybody's notices were looked at up to this one. */
    void sayAlive(long upTo) {
        synchronized (this) {
            seen = upTo;
            isAliveDue = true;
        }
        pump();
    }

    /** Nothing but why, and no more after that; says whether it was still going on. */
    boolean end(String reason) {
        synchronized (this) {
            if (isOver || last != null) {
                return false;
            }
            last = Letter.end(reason);
        }
        pump();
        if (!isOver()) {
            CompletableFuture.delayedExecutor(LAST_WORDS.toMillis(), MILLISECONDS, readers)
                    .execute(this::giveUp);
        }
        return true;
    }

    /** What would be closed now would wait behind what is not taken. */
    private void giveUp() {
        if (cut()) {
            whenGivenUp.accept(this);
        }
    }

    /** Says whether it was still going on. */
    boolean cut() {
        synchronized (this) {
            if (isOver) {
                return false;
            }
            isOver = true;
        }
        line.cut();
        return true;
    }

    synchronized boolean isOver() {
        return isOver;
    }

    /** Nobody is there any more. */
    synchronized void gone() {
        isOver = true;
        queue.clear();
        page.clear();
    }

    /** What is kept for the client. */
    synchronized int waiting() {
        return queue.size() + page.size();
    }

    /**
     * Sends what can be sent now; by one at a time, whoever comes meanwhile has that one look once
     * more. Called from the line as well, when it becomes ready.
     */
    void pump() {
        if (pumps.getAndIncrement() != 0) {
            return;
        }
        var missed = 1;
        do {
            while (sendNext()) {
                sentAt = System.nanoTime();
            }
            missed = pumps.addAndGet(-missed);
        } while (missed != 0);
    }

    private boolean sendNext() {
        Letter next;
        boolean closes;
        synchronized (this) {
            if (isOver) {
                return false;
            }
            closes = last != null;
            if (!line.isReady()) {
                return false;
            }
            next = closes ? last : next();
            isOver = closes;
        }
        if (next != null) {
            line.send(next);
        }
        if (closes) {
            line.close();
        }
        return next != null;
    }

    private @Nullable Letter next() {
        if (!first.isEmpty()) {
            return first.poll();
        }
        while (true) {
            if (isReading) {
                return alive();
            }
            if (!page.isEmpty()) {
                var notice = page.remove();
                given = page.isEmpty() ? pageEnd : notice.number();
                if (isTold(notice)) {
                    return Letter.notice(notice.number(), json.apply(notice));
                }
            } else if (given < past) {
                isReading = true;
                readers.execute(this::read);
            } else if (!queue.isEmpty()) {
                var notice = queue.remove();
                given = notice.number();
                if (isTold(notice)) {
                    return Letter.notice(notice.number(), json.apply(notice));
                }
            } else {
                given = Math.max(given, seen);
                return alive();
            }
        }
    }

    /** With how far the client is, so that whoever hears nothing for long need not ask anew. */
    private @Nullable Letter alive() {
        if (!isAliveDue) {
            return null;
        }
        isAliveDue = false;
        return Letter.alive(given);
    }

    private boolean isTold(Notice notice) {
        return NoticeScopes.of(notice.type()).map(admission.scopes()::contains).orElse(false);
    }

    private void read() {
        long from;
        long to;
        synchronized (this) {
            from = given;
            to = past;
        }
        List<Notice> read;
        try {
            read = table.after(from, PAGE);
        } catch (RuntimeException e) {
            LOG.warnf("streams: not read: %s", e.getMessage());
            end("unavailable");
            return;
        }
        synchronized (this) {
            for (var notice : read) {
                if (notice.number() <= to) {
                    page.add(notice);
                }
            }
            pageEnd = read.size() < PAGE ? to : Math.min(to, read.get(PAGE - 1).number());
            if (page.isEmpty()) {
                given = pageEnd;
            }
            isReading = false;
        }
        pump();
    }
}
