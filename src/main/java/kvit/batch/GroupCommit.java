package kvit.batch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries out together what many ask for at the same time.
 *
 * <p>Whoever asks hands in one item and gets a future. A writer takes all that waits and carries it
 * out as one list; nothing waits for company, because a list is what has gathered while the one
 * before was on its way to the disk. Without load each item is a list of its own.
 *
 * <p>A list that fails leaves the writers and is split, until whatever spoils it is alone: its
 * companions are carried out, and meanwhile the writers go on with what came later. What nobody has
 * begun with in time is given up, so that nothing happens long after whoever asked has gone.
 *
 * @param <I> what is asked for
 * @param <O> what becomes of it
 */
public final class GroupCommit<I, O> {

    /**
     * What is done with a list.
     *
     * @param <I> what is asked for
     * @param <O> what becomes of it
     */
    public interface Work<I, O> {

        /**
         * Carries out all or, where it throws, nothing. Should not wait for long for anything that
         * only some of the items need: the others wait with them.
         *
         * @return one outcome for each item, in the same order
         */
        List<O> together(List<I> items);

        /** Carries out one, as patiently as it may take. */
        O alone(I item);

        /** Whose fault it is that a list has failed. */
        Blame blame(Throwable failure);
    }

    /** Why a list has failed. */
    public enum Blame {
        /** Any other list would have failed as well, so splitting it helps nobody. */
        ALL,
        /** Something in it, which fails by itself as well. */
        ONE,
        /** One of them needs more patience than all of them may be asked for. */
        HASTE
    }

    /**
     * How much may be under way.
     *
     * @param waiting items that may wait for a writer; one more is refused
     * @param together items of one list at the most
     * @param writers lists at the same time
     * @param patience how long an item may wait until somebody begins with it
     */
    public record Bounds(int waiting, int together, int writers, Duration patience) {

        public Bounds {
            if (waiting < 1 || together < 1 || writers < 1) {
                throw new IllegalArgumentException("nothing would ever be carried out");
            }
        }
    }

    /** There is no room or no time for it, and nothing was done. */
    public static final class Crowded extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Crowded(String message) {
            super(message, null, false, false);
        }
    }

    private record Item<I, O>(I asked, CompletableFuture<O> outcome, long submittedAt) {}

    /** For what has begun when it is closed; longer than anything that is carried out may take. */
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(30);

    /** Lists that are split at the same time. */
    private static final int SPLITTERS = 2;

    /**
     * Parts of a list that is split. Each that fails for want of patience has taken its time, and
     * the others wait meanwhile: who of 256 it is shows in two steps, and by halves in eight.
     */
    private static final int PARTS = 16;

    /** Failed lists that wait to be split; where there are more, something else is wrong. */
    private static final int SPLITS_WAITING_MAX = 16;

    private final Work<I, O> work;
    private final Bounds bounds;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition mayTake = lock.newCondition();
    private final Queue<Item<I, O>> waiting = new ArrayDeque<>();

    /** How many wait, for whoever only asks and should not hold up those who work. */
    private volatile int waitingNow;

    private final List<Thread> writers = new ArrayList<>();
    private final ThreadPoolExecutor splitters;
    private boolean closed;

    /**
     * @param name of its threads
     */
    public GroupCommit(String name, Bounds bounds, Work<I, O> work) {
        this.work = work;
        this.bounds = bounds;
        this.splitters = splitters(name);
        for (var number = 0; number < bounds.writers(); number++) {
            var writer = new Thread(this::write, name + "-" + number);
            writer.setDaemon(true);
            writers.add(writer);
        }
        writers.forEach(Thread::start);
    }

    private static ThreadPoolExecutor splitters(String name) {
        var number = new AtomicInteger();
        var splitters =
                new ThreadPoolExecutor(
                        SPLITTERS,
                        SPLITTERS,
                        1,
                        TimeUnit.MINUTES,
                        new ArrayBlockingQueue<>(SPLITS_WAITING_MAX),
                        task -> {
                            var thread =
                                    new Thread(task, name + "-split-" + number.incrementAndGet());
                            thread.setDaemon(true);
                            return thread;
                        });
        splitters.allowCoreThreadTimeOut(true);
        return splitters;
    }

    /**
     * Takes an item, or refuses it at once.
     *
     * @return what becomes of it; completed by a thread of this class, which is not to be kept
     * @throws Crowded when as many wait as may, or it is closed; the future fails with it where the
     *     item's time is over
     */
    public CompletableFuture<O> submit(I asked) {
        lock.lock();
        try {
            if (closed || waiting.size() >= bounds.waiting()) {
                throw new Crowded("no room for another one");
            }
            var item = new Item<I, O>(asked, new CompletableFuture<>(), System.nanoTime());
            waiting.add(item);
            waitingNow = waiting.size();
            mayTake.signal();
            return item.outcome();
        } finally {
            lock.unlock();
        }
    }

    /** Items that wait for a writer. */
    public int waiting() {
        return waitingNow;
    }

    /** Whether {@link #submit} would refuse now. */
    public boolean isFull() {
        return waiting() >= bounds.waiting();
    }

    /** Takes nothing any more, and returns when all that was taken has its outcome. */
    public void close() throws InterruptedException {
        lock.lock();
        try {
            closed = true;
            mayTake.signalAll();
        } finally {
            lock.unlock();
        }
        for (var writer : writers) {
            writer.join();
        }
        splitters.shutdown();
        splitters.awaitTermination(ENDS_WITHIN.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void write() {
        var goesOn = true;
        while (goesOn) {
            try {
                goesOn = writeOne();
            } catch (OutOfMemoryError e) {
                // Nobody else takes what waits. It waits still, and there may be memory again.
                goesOn = true;
            }
        }
    }

    /** Whether there will be another one. */
    private boolean writeOne() {
        var list = take();
        if (list == null) {
            return false;
        }
        neverLeave(list, () -> carryOut(list, failure -> leaveToSplitters(list, failure)));
        return true;
    }

    private void leaveToSplitters(List<Item<I, O>> list, Throwable failure) {
        try {
            splitters.execute(() -> neverLeave(list, () -> split(list)));
        } catch (RejectedExecutionException busy) {
            fail(list, failure);
        }
    }

    /** Whatever goes wrong, a thread goes on, and nobody waits for ever. */
    private void neverLeave(List<Item<I, O>> list, Runnable doing) {
        try {
            doing.run();
        } catch (RuntimeException | Error e) {
            fail(list, e);
        }
    }

    /** All that waits, as far as it fits into one list; null once it is closed and empty. */
    private @Nullable List<Item<I, O>> take() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                mayTake.awaitUninterruptibly();
            }
            if (waiting.isEmpty()) {
                return null;
            }
            var size = Math.min(waiting.size(), bounds.together());
            // All the memory that it takes, before anything is taken.
            var taken = new ArrayList<Item<I, O>>(size);
            while (taken.size() < size) {
                taken.add(waiting.remove());
            }
            waitingNow = waiting.size();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Those who need to be alone come last: the others wait for none of them. */
    private void split(List<Item<I, O>> list) {
        var singles = new ArrayList<Item<I, O>>();
        split(list, singles);
        singles.forEach(this::alone);
    }

    private void split(List<Item<I, O>> list, List<Item<I, O>> singles) {
        if (list.size() == 1) {
            singles.addAll(list);
            return;
        }
        var size = (list.size() + PARTS - 1) / PARTS;
        for (var from = 0; from < list.size(); from += size) {
            var part = list.subList(from, Math.min(from + size, list.size()));
            carryOut(part, failure -> split(part, singles));
        }
    }

    private void alone(Item<I, O> item) {
        if (isLate(item)) {
            return;
        }
        O outcome;
        try {
            outcome = work.alone(item.asked());
        } catch (RuntimeException | Error e) {
            item.outcome().completeExceptionally(e);
            return;
        }
        item.outcome().complete(outcome);
    }

    private void carryOut(List<Item<I, O>> all, Consumer<Throwable> split) {
        var list = all.stream().filter(it -> !isLate(it)).toList();
        if (list.isEmpty()) {
            return;
        }
        List<O> outcomes;
        try {
            outcomes = work.together(list.stream().map(Item::asked).toList());
        } catch (RuntimeException | Error e) {
            var blame = work.blame(e);
            if (blame == Blame.ALL || (blame == Blame.ONE && list.size() == 1)) {
                fail(list, e);
            } else {
                split.accept(e);
            }
            return;
        }
        if (outcomes.size() != list.size()) {
            // It was carried out, so it may not be split and carried out again.
            fail(list, new IllegalStateException(outcomes.size() + " outcomes of " + list.size()));
            return;
        }
        for (var i = 0; i < outcomes.size(); i++) {
            list.get(i).outcome().complete(outcomes.get(i));
        }
    }

    /** Gives up what is late; nobody has begun with it. */
    private boolean isLate(Item<I, O> item) {
        var isLate = System.nanoTime() - item.submittedAt() > bounds.patience().toNanos();
        if (isLate) {
            item.outcome().completeExceptionally(new Crowded("nobody came to it in time"));
        }
        return isLate;
    }

    private static <I, O> void fail(List<Item<I, O>> list, Throwable failure) {
        list.forEach(it -> it.outcome().completeExceptionally(failure));
    }
}
