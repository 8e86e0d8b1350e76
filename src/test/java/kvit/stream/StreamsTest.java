package kvit.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import kvit.identity.Admission;
import kvit.identity.Scope;
import kvit.identity.StillAdmitted;
import kvit.problem.Problem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams without HTTP and without a table. */
class StreamsTest {

    private static final String TRANSFER = "transfer.completed";

    private final FakeFeed feed = new FakeFeed();
    private final UUID anna = UUID.randomUUID();
    private final UUID ben = UUID.randomUUID();
    private final List<String> ends = new CopyOnWriteArrayList<>();
    private volatile Optional<StillAdmitted.End> over = Optional.empty();
    private Streams streams = streams(Duration.ofMinutes(1), Duration.ofMinutes(1), 10, 100);

    @AfterEach
    void stop() throws InterruptedException {
        streams.stop();
    }

    @Test
    void whoeverListensHearsWhatIsTheirsOnceAndInOrder() {
        feed.write(anna, TRANSFER);
        var line = listen(anna, null);
        awaitFirst(line);

        write(anna, TRANSFER, 3);
        write(ben, TRANSFER, 2);
        write(anna, TRANSFER, 2);

        await().untilAsserted(() -> assertThat(line.notices()).containsExactly(2L, 3L, 4L, 7L, 8L));
    }

    /**
     * An id comes before any notice, so that a client that is cut off at once comes back to here.
     */
    @Test
    void theFirstThingIsAnIdToComeBackWith() {
        write(anna, TRANSFER, 3);

        var line = listen(anna, null);

        awaitFirst(line);
        assertThat(line.taken()).containsExactly(Letter.alive(3));
    }

    @Test
    void whoeverComesBackGetsWhatTheyHaveMissed() {
        write(anna, TRANSFER, 5);
        write(ben, TRANSFER, 300);
        write(anna, TRANSFER, 250);

        var line = listen(anna, 2L);

        var expected = feed.numbersOf(anna).stream().filter(it -> it > 2).toList();
        await().untilAsserted(() -> assertThat(line.notices()).isEqualTo(expected));
    }

    /**
     * The seam between what is read and what is offered, some hundred times, while others write:
     * clients that go after some letters and come back with the last id.
     */
    @Test
    void whoeverComesAndGoesMissesNothingAndHearsNothingTwice() throws Exception {
        var seed = Long.getLong("kvit.seed", System.nanoTime());
        System.out.println("-Dkvit.seed=" + seed);
        var random = new Random(seed);
        var isWriting = new AtomicBoolean(true);
        var writer = new Thread(() -> writeAtRandom(new Random(seed), isWriting));
        var heard = new ArrayList<Long>();
        Long last = 0L;
        writer.start();
        for (var visit = 0; visit < 150; visit++) {
            var line = new FakeLine(1 + random.nextInt(120));
            var stream = open(anna, line, last);
            var patience = 1 + random.nextInt(4);
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(patience))
                    .until(() -> line.taken().size() > 1 || !line.isReady() || !isWriting.get());
            streams.closed(stream);
            heard.addAll(line.notices());
            last = line.lastId(last);
        }
        isWriting.set(false);
        writer.join();
        var line = new FakeLine(Integer.MAX_VALUE);
        open(anna, line, last);
        await().until(() -> heard.size() + line.notices().size() >= feed.numbersOf(anna).size());
        heard.addAll(line.notices());

        assertThat(heard).isEqualTo(feed.numbersOf(anna));
        assertThat(heard).hasSizeGreaterThan(100);
    }

    private void writeAtRandom(Random random, AtomicBoolean isWriting) {
        while (isWriting.get()) {
            for (var i = random.nextInt(80); i > 0; i--) {
                feed.write(random.nextInt(3) == 0 ? ben : anna, TRANSFER);
            }
            streams.wake();
            try {
                Thread.sleep(1 + random.nextInt(3));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void whoeverIsSlowGetsEverythingAndHasLittleKeptForThem() {
        var line = new FakeLine(1);
        var stream = open(anna, line, null);
        awaitFirst(line);

        write(anna, TRANSFER, 5_000);
        var canary = listen(anna, null);
        awaitFirst(canary);
        write(anna, TRANSFER, 1);
        await().until(() -> !canary.notices().isEmpty());

        assertThat(stream.waiting()).isLessThanOrEqualTo(OpenStream.PAGE + OpenStream.QUEUE);
        line.takes(Integer.MAX_VALUE);
        stream.pump();
        await().untilAsserted(() -> assertThat(line.notices()).isEqualTo(feed.numbersOf(anna)));
    }

    @Test
    void whoeverTakesNothingIsCutOff() {
        streams = streams(Duration.ofMinutes(1), Duration.ofMillis(50), 10, 100);
        var line = new FakeLine(1);
        open(anna, line, null);
        awaitFirst(line);

        await().until(line::isCut);

        await().untilAsserted(() -> assertThat(streams.open()).isZero());
        assertThat(ends).containsExactly("stalled");
    }

    /** The line of somebody who takes nothing may never say that it has ended. */
    @Test
    void whoeverIsCutOffLeavesTheirPlaceThoughNobodySaysSo() {
        streams = streams(Duration.ofMinutes(1), Duration.ofMillis(50), 10, 100);
        var line = new FakeLine(1);
        streams.open(admission(anna), line, null);
        awaitFirst(line);

        await().until(line::isCut);
        await().untilAsserted(() -> assertThat(streams.open()).isZero());
    }

    @Test
    void aBrokenLineIsCutOffAndCostsNobodyWhatTheyAreToldOf() {
        var broken = new FakeLine(Integer.MAX_VALUE);
        streams.open(admission(anna), broken, null);
        var line = listen(anna, null);
        awaitFirst(broken);
        awaitFirst(line);
        broken.breaks();

        write(anna, TRANSFER, 3);

        await().untilAsserted(() -> assertThat(line.notices()).containsExactly(1L, 2L, 3L));
        await().until(broken::isCut);
        await().untilAsserted(() -> assertThat(streams.open()).isOne());
    }

    @Test
    void whoeverIsNotAdmittedAnyMoreIsToldAndHearsNothingElse() {
        var line = listen(anna, null);
        awaitFirst(line);

        over = Optional.of(StillAdmitted.End.TOKEN_EXPIRED);

        await().until(line::isClosed);
        write(anna, TRANSFER, 1);
        assertThat(line.taken()).endsWith(Letter.end("token_expired"));
        assertThat(line.notices()).isEmpty();
        await().untilAsserted(() -> assertThat(streams.open()).isZero());
        assertThat(ends).containsExactly("token_expired");
    }

    /** The letter before is still on its way when a stream ends. */
    @Test
    void whyItEndsIsToldToWhoeverTakesTheLetterBeforeInAMoment() {
        var line = new FakeLine(1);
        var stream = open(anna, line, null);
        awaitFirst(line);

        over = Optional.of(StillAdmitted.End.TOKEN_EXPIRED);
        await().until(() -> ends.contains("token_expired"));
        line.takes(1);
        stream.pump();

        assertThat(line.taken()).endsWith(Letter.end("token_expired"));
        assertThat(line.isClosed()).isTrue();
    }

    @Test
    void theEndDoesNotWaitForWhoeverTakesNothing() {
        var line = new FakeLine(1);
        open(anna, line, null);
        awaitFirst(line);

        over = Optional.of(StillAdmitted.End.TOKEN_EXPIRED);

        await().until(line::isCut);
        assertThat(line.taken()).hasSize(1);
        await().untilAsserted(() -> assertThat(streams.open()).isZero());
    }

    @Test
    void whoeverHearsNothingIsShownThatWeAreThereAndHowFarTheyAre() {
        streams = streams(Duration.ofMillis(50), Duration.ofMinutes(1), 10, 100);
        var line = listen(anna, null);
        awaitFirst(line);

        write(ben, TRANSFER, 7);

        await().until(() -> line.taken().contains(Letter.alive(7)));
        assertThat(line.notices()).isEmpty();
    }

    @Test
    void nobodyHearsWhatTheirTokenDoesNotAllow() {
        var line = listen(anna, 0L);
        awaitFirst(line);

        write(anna, "payout.paid", 2);
        write(anna, "somethingelse.happened", 2);
        write(anna, TRANSFER, 1);
        write(anna, "card.activated", 1);
        write(anna, TRANSFER, 1);

        await().until(() -> line.notices().contains(7L));
        assertThat(line.notices()).containsExactly(5L, 7L);
    }

    @Test
    void whoeverWasAwayForTooLongIsToldToAskAnew() {
        write(anna, TRANSFER, 20);
        feed.forgetBelow(10);

        var late = listen(anna, 8L);
        awaitFirst(late);
        assertThat(late.taken()).containsExactly(Letter.reset(20));

        var justInTime = listen(anna, 9L);
        await().until(() -> justInTime.notices().size() == 11);
        assertThat(justInTime.notices()).startsWith(10L);
    }

    /** As after a database was restored: what the client has is not what there is. */
    @Test
    void whoeverKnowsMoreThanThereIsIsToldToAskAnew() {
        write(anna, TRANSFER, 20);

        var line = listen(anna, 21L);

        awaitFirst(line);
        assertThat(line.taken()).containsExactly(Letter.reset(20));
        write(anna, TRANSFER, 1);
        await().untilAsserted(() -> assertThat(line.notices()).containsExactly(21L));
    }

    /** Another replica may be a moment ahead of this one. */
    @Test
    void whoeverComesFromAReplicaThatIsAheadHearsNothingTwice() {
        var other = listen(ben, null);
        awaitFirst(other);
        for (var i = 0; i < 10; i++) {
            feed.write(anna, TRANSFER);
        }

        var line = listen(anna, 8L);

        await().untilAsserted(() -> assertThat(line.notices()).containsExactly(9L, 10L));
        assertThat(line.taken()).startsWith(Letter.alive(8));
    }

    @Test
    void thereAreOnlySoManyStreams() {
        streams = streams(Duration.ofMinutes(1), Duration.ofMinutes(1), 2, 3);
        listen(anna, null);
        listen(anna, null);

        assertThatThrownBy(() -> listen(anna, null))
                .isInstanceOfSatisfying(
                        Problem.class,
                        it -> assertThat(it.type()).isEqualTo(StreamProblem.TOO_MANY_STREAMS));
        var bens = new FakeLine(9);
        var stream = open(ben, bens, null);
        assertThatThrownBy(() -> listen(UUID.randomUUID(), null))
                .isInstanceOfSatisfying(
                        Problem.class, it -> assertThat(it.type().status()).isEqualTo(503));

        var late = new FakeLine(9);
        var hurried = streams.open(admission(ben), late, null);
        assertThat(late.taken()).containsExactly(Letter.end("unavailable"));
        assertThat(late.isClosed()).isTrue();
        streams.closed(hurried);
        assertThat(streams.open()).isEqualTo(3);

        streams.closed(stream);
        streams.closed(stream);

        assertThat(streams.open()).isEqualTo(2);
        awaitFirst(listen(ben, null));
    }

    @Test
    void atTheEndAllAreToldAndNobodyElseIsLetIn() throws Exception {
        var line = listen(anna, null);
        awaitFirst(line);

        streams.stop();

        assertThat(line.taken()).endsWith(Letter.end("stopping"));
        assertThat(line.isClosed()).isTrue();
        assertThatThrownBy(() -> listen(anna, null)).isInstanceOf(Problem.class);
    }

    @Test
    void whereTheTableCannotBeReadTheClientIsToComeBack() {
        write(anna, TRANSFER, 3);
        feed.isAway = true;

        var line = listen(anna, 1L);

        await().until(line::isClosed);
        assertThat(line.taken()).endsWith(Letter.end("unavailable"));
        assertThat(line.notices()).isEmpty();
    }

    @Test
    void whileNobodyListensNothingIsRead() {
        var line = listen(anna, null);
        awaitFirst(line);
        over = Optional.of(StillAdmitted.End.SESSION_ENDED);
        await().until(() -> streams.open() == 0);
        over = Optional.empty();

        var before = feed.asked.get();
        write(anna, TRANSFER, 3);
        var second = listen(anna, null);
        awaitFirst(second);
        write(anna, TRANSFER, 1);
        await().until(() -> second.notices().size() == 1);

        // Of the three that were written while nobody was there, none was read by the tail.
        assertThat(second.notices()).containsExactly(4L);
        assertThat(feed.asked.get() - before).isLessThan(20);
    }

    private Streams streams(Duration heartbeat, Duration stall, int perCustomer, int perReplica) {
        var made =
                new Streams(
                        feed,
                        it -> over,
                        it -> it.data(),
                        new Settings(heartbeat, perCustomer, perReplica, stall),
                        ends::add);
        made.start();
        return made;
    }

    private record Settings(Duration heartbeat, int perCustomer, int perReplica, Duration stall)
            implements StreamConfig {}

    private void write(UUID customer, String type, int times) {
        for (var i = 0; i < times; i++) {
            feed.write(customer, type);
        }
        streams.wake();
    }

    private FakeLine listen(UUID customer, Long from) {
        var line = new FakeLine(Integer.MAX_VALUE);
        open(customer, line, from);
        return line;
    }

    private OpenStream open(UUID customer, FakeLine line, Long from) {
        streams.requireRoom(customer);
        var stream = streams.open(admission(customer), line, from);
        line.whenClosed(() -> streams.closed(stream));
        return stream;
    }

    private static Admission admission(UUID customer) {
        return new Admission(
                customer, UUID.randomUUID(), "web", Set.of(Scope.TRANSFERS_READ), Instant.MAX);
    }

    private static void awaitFirst(FakeLine line) {
        await().until(() -> !line.taken().isEmpty());
    }
}
