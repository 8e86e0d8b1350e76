package kvit.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import kvit.batch.GroupCommit.Blame;
import kvit.batch.GroupCommit.Bounds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GroupCommitTest {

    /** Doubles numbers; as a database would, either all of a list or none. */
    private static class Doubling implements GroupCommit.Work<Integer, Integer> {

        final ConcurrentLinkedQueue<List<Integer>> lists = new ConcurrentLinkedQueue<>();
        final ConcurrentLinkedQueue<Integer> singles = new ConcurrentLinkedQueue<>();
        final ConcurrentHashMap<Integer, AtomicInteger> done = new ConcurrentHashMap<>();
        volatile Set<Integer> poison = Set.of();
        volatile boolean isAway;
        volatile Blame blame = Blame.ONE;
        volatile Error error;
        volatile CountDownLatch disk = new CountDownLatch(0);
        volatile CountDownLatch patience = new CountDownLatch(0);

        @Override
        public List<Integer> together(List<Integer> items) {
            lists.add(items);
            await(disk);
            if (error != null) {
                throw error;
            }
            if (isAway || items.stream().anyMatch(poison::contains)) {
                throw new IllegalStateException("the whole list of " + items.size());
            }
            items.forEach(this::count);
            return items.stream().map(it -> it * 2).toList();
        }

        @Override
        public Integer alone(Integer item) {
            singles.add(item);
            await(patience);
            if (poison.contains(item)) {
                throw new IllegalStateException("poison: " + item);
            }
            count(item);
            return item * 2;
        }

        @Override
        public Blame blame(Throwable failure) {
            if (blame == null) {
                throw new IllegalStateException("no idea");
            }
            return isAway ? Blame.ALL : blame;
        }

        private void count(Integer item) {
            done.computeIfAbsent(item, it -> new AtomicInteger()).incrementAndGet();
        }

        private static void await(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private final Doubling work = new Doubling();
    private Duration patience = Duration.ofMinutes(1);
    private GroupCommit<Integer, Integer> commit;

    private void start(int waiting, int together, int writers) {
        commit = new GroupCommit<>("test", new Bounds(waiting, together, writers, patience), work);
    }

    @AfterEach
    void close() throws InterruptedException {
        work.disk.countDown();
        work.patience.countDown();
        commit.close();
    }

    @Test
    void givesEachItsOwnOutcome() throws Exception {
        start(1_000, 64, 2);
        var outcomes = submit(1, 1_000);
        for (var i = 0; i < 1_000; i++) {
            assertThat(outcomes.get(i).get()).isEqualTo((i + 1) * 2);
        }
        assertThat(work.done).hasSize(1_000);
        assertThat(work.done.values()).allMatch(it -> it.get() == 1);
    }

    @Test
    void waitsForNoCompany() throws Exception {
        start(10, 10, 1);
        assertThat(commit.submit(1).get()).isEqualTo(2);
        assertThat(commit.submit(2).get()).isEqualTo(4);
        assertThat(work.lists).containsExactly(List.of(1), List.of(2));
    }

    @Test
    void takesAllThatGatheredWhileTheListBeforeWasOnItsWay() throws Exception {
        start(100, 8, 1);
        work.disk = new CountDownLatch(1);
        var first = commit.submit(1);
        await().until(() -> work.lists.size() == 1);
        var others = submit(2, 12);
        work.disk.countDown();

        first.get();
        for (var each : others) {
            each.get();
        }
        assertThat(work.lists)
                .containsExactly(List.of(1), List.of(2, 3, 4, 5, 6, 7, 8, 9), List.of(10, 11, 12));
    }

    @Test
    void refusesAtOnceWhatFindsNoRoomAndDoesNothingOfIt() throws Exception {
        start(3, 8, 1);
        work.disk = new CountDownLatch(1);
        commit.submit(1);
        await().until(() -> work.lists.size() == 1);
        assertThat(commit.isFull()).isFalse();
        var waiting = submit(2, 4);

        assertThat(commit.isFull()).isTrue();
        assertThat(commit.waiting()).isEqualTo(3);
        assertThatThrownBy(() -> commit.submit(5)).isInstanceOf(GroupCommit.Crowded.class);
        work.disk.countDown();
        for (var each : waiting) {
            each.get();
        }
        assertThat(work.done).containsOnlyKeys(1, 2, 3, 4);
        assertThat(commit.submit(6).get()).isEqualTo(12);
    }

    @Test
    void findsWhatSpoilsAListAndCarriesOutItsCompanions() throws Exception {
        start(200, 128, 1);
        work.poison = Set.of(40, 41, 99);
        work.disk = new CountDownLatch(1);
        commit.submit(1);
        await().until(() -> work.lists.size() == 1);
        var outcomes = submit(2, 129);
        work.disk.countDown();

        for (var i = 0; i < outcomes.size(); i++) {
            var item = i + 2;
            if (work.poison.contains(item)) {
                assertThatThrownBy(outcomes.get(i)::get)
                        .isInstanceOf(ExecutionException.class)
                        .hasRootCauseMessage("the whole list of 1");
            } else {
                assertThat(outcomes.get(i).get()).isEqualTo(item * 2);
            }
        }
        assertThat(work.done.values()).allMatch(it -> it.get() == 1);
        // By parts, and not one by one.
        assertThat(work.lists).hasSizeLessThan(50);
    }

    @Test
    void splitsNothingWhereNobodyWouldFareBetter() {
        start(100, 64, 1);
        work.isAway = true;
        var outcomes = submit(1, 50);
        for (var each : outcomes) {
            assertThatThrownBy(each::get).hasMessageContaining("the whole list of");
        }
        assertThat(work.singles).isEmpty();
        assertThat(work.lists.stream().mapToInt(List::size).sum()).isEqualTo(50);
    }

    @Test
    void goesOnWithOthersWhileOneWaitsForSomethingOfItsOwn() throws Exception {
        start(100, 64, 1);
        work.blame = Blame.HASTE;
        work.poison = Set.of(1);
        work.patience = new CountDownLatch(1);
        var stuck = commit.submit(1);
        await().until(() -> work.singles.contains(1));

        for (var each : submit(2, 50)) {
            each.get(10, TimeUnit.SECONDS);
        }
        assertThat(stuck).isNotDone();
        work.patience.countDown();
        assertThatThrownBy(stuck::get).hasRootCauseMessage("poison: 1");
    }

    @Test
    void carriesOutItsCompanionsBeforeWhatNeedsPatience() throws Exception {
        start(100, 64, 1);
        work.blame = Blame.HASTE;
        work.poison = Set.of(2);
        work.patience = new CountDownLatch(1);
        work.disk = new CountDownLatch(1);
        commit.submit(1);
        await().until(() -> work.lists.size() == 1);
        var outcomes = submit(2, 40);
        work.disk.countDown();

        for (var each : outcomes.subList(1, outcomes.size())) {
            each.get(10, TimeUnit.SECONDS);
        }
        assertThat(outcomes.get(0)).isNotDone();
    }

    @Test
    void failsWhatIsAloneAndHasFailedWithoutAnotherTry() {
        start(8, 8, 1);
        work.poison = Set.of(1);
        assertThatThrownBy(commit.submit(1)::get).hasRootCauseMessage("the whole list of 1");
        assertThat(work.lists).hasSize(1);
        assertThat(work.singles).isEmpty();
    }

    @Test
    void beginsWithNothingWhoseTimeIsOver() throws Exception {
        patience = Duration.ofNanos(1);
        start(8, 8, 1);
        for (var each : submit(1, 5)) {
            assertThatThrownBy(each::get).hasCauseInstanceOf(GroupCommit.Crowded.class);
        }
        assertThat(work.lists).isEmpty();
        assertThat(work.done).isEmpty();
    }

    @Test
    void goesOnAfterAnError() throws Exception {
        start(8, 8, 1);
        work.error = new StackOverflowError("deep");
        assertThatThrownBy(commit.submit(1)::get).hasRootCauseMessage("deep");
        work.error = null;
        assertThat(commit.submit(2).get()).isEqualTo(4);
    }

    @Test
    void goesOnWhereNobodyKnowsWhoseFaultItIs() throws Exception {
        start(8, 8, 1);
        work.poison = Set.of(1);
        work.blame = null;
        assertThatThrownBy(commit.submit(1)::get)
                .hasRootCauseInstanceOf(IllegalStateException.class);
        assertThat(commit.submit(2).get()).isEqualTo(4);
    }

    @Test
    void needsRoomAndWriters() {
        for (var bounds : List.of(List.of(0, 1, 1), List.of(1, 0, 1), List.of(1, 1, 0))) {
            assertThatThrownBy(
                            () -> new Bounds(bounds.get(0), bounds.get(1), bounds.get(2), patience))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        start(1, 1, 1);
    }

    @Test
    void answersAlsoWhereMoreListsAreSpoiltThanCanBeSplit() {
        start(1_000, 1, 1);
        work.blame = Blame.HASTE;
        work.poison = Set.copyOf(IntStream.rangeClosed(1, 100).boxed().toList());
        work.patience = new CountDownLatch(1);
        var outcomes = submit(1, 100);

        await().until(() -> outcomes.stream().filter(CompletableFuture::isDone).count() >= 80);
        work.patience.countDown();
        for (var each : outcomes) {
            assertThatThrownBy(each::get).isInstanceOf(ExecutionException.class);
        }
    }

    @Test
    void carriesNothingOutTwiceThatHasLostItsOutcomes() {
        var calls = new AtomicInteger();
        GroupCommit.Work<Integer, Integer> forgetful =
                new GroupCommit.Work<>() {
                    @Override
                    public List<Integer> together(List<Integer> items) {
                        calls.incrementAndGet();
                        return List.of();
                    }

                    @Override
                    public Integer alone(Integer item) {
                        calls.incrementAndGet();
                        return item;
                    }

                    @Override
                    public Blame blame(Throwable failure) {
                        return Blame.ONE;
                    }
                };
        commit = new GroupCommit<>("test", new Bounds(8, 8, 1, patience), forgetful);
        assertThatThrownBy(commit.submit(1)::get).hasRootCauseMessage("0 outcomes of 1");
        assertThat(calls).hasValue(1);
    }

    @Test
    void answersAllThatItTookBeforeItCloses() throws Exception {
        start(1_000, 16, 2);
        work.disk = new CountDownLatch(1);
        var outcomes = submit(1, 500);
        var closing = new Thread(this::closeAll);
        closing.start();
        await().until(this::isClosed);
        work.disk.countDown();
        closing.join();

        assertThat(outcomes).allMatch(CompletableFuture::isDone);
        assertThat(work.done)
                .containsKeys(IntStream.rangeClosed(1, 500).boxed().toArray(Integer[]::new));
    }

    private void closeAll() {
        try {
            commit.close();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean isClosed() {
        try {
            commit.submit(-1);
            return false;
        } catch (GroupCommit.Crowded full) {
            return true;
        }
    }

    private List<CompletableFuture<Integer>> submit(int from, int to) {
        var outcomes = new ArrayList<CompletableFuture<Integer>>();
        for (var item = from; item <= to; item++) {
            outcomes.add(commit.submit(item));
        }
        return outcomes;
    }
}
