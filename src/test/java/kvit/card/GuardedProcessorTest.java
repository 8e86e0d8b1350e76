package kvit.card;

import static kvit.money.Currency.EUR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Inject;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kvit.money.Money;
import kvit.support.KvitTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What stands before every processor. */
@KvitTest
class GuardedProcessorTest {

    private static final int CALLS = 4;
    private static final int AT_ONCE = 3;
    private static final Operation CHARGE =
            new Operation.Charge(
                    UUID.fromString("019a0000-0000-7000-8000-000000000001"),
                    Instant.EPOCH,
                    "a card",
                    new Money(1250, EUR));
    private static final Result DONE = new Result.Done("a name");
    private static final Result OPEN = new Result.NotSent(Reason.BREAKER_OPEN);

    /** Answers as it is told, and counts. */
    private static final class Puppet implements CardProcessor {

        private final AtomicInteger calls = new AtomicInteger();
        private volatile Supplier<Result> next = () -> DONE;
        private Registration registration = new Registration.Registered("a card", Funding.DEBIT);

        @Override
        public Registration register(UUID card, CardDetails details) {
            calls.incrementAndGet();
            return registration;
        }

        @Override
        public Result carryOut(Operation operation) {
            calls.incrementAndGet();
            return next.get();
        }

        @Override
        public Result find(Operation operation) {
            return carryOut(operation);
        }
    }

    @Inject TransactionSynchronizationRegistry transaction;

    @Inject CardProcessor used;

    private final Puppet puppet = new Puppet();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @Test
    void answersPassThroughAndAreCounted() {
        var guarded = guarded(Duration.ofMinutes(5));

        assertThat(guarded.carryOut(CHARGE)).isEqualTo(DONE);
        puppet.next = () -> new Result.Unknown(Reason.TIME_OUT);
        assertThat(guarded.find(CHARGE)).isEqualTo(new Result.Unknown(Reason.TIME_OUT));

        assertThat(counted("charge", "done")).isEqualTo(1);
        assertThat(counted("find", "unknown")).isEqualTo(1);
    }

    static Stream<Result> trouble() {
        return Stream.of(
                new Result.Unknown(Reason.TIME_OUT),
                new Result.Unknown(Reason.CONNECTION_LOST),
                new Result.Unknown(Reason.SERVER_ERROR),
                new Result.Unknown(Reason.BUSY),
                new Result.Unknown(Reason.UNREADABLE),
                new Result.Unknown(Reason.NOT_CONNECTED),
                new Result.NotSent(Reason.NOT_CONNECTED));
    }

    /** Whoever has a turn makes a call, whoever else asks; and turns end once. */
    @Test
    void whoHasATurnCallsAndNobodyElseMeanwhile() {
        var guarded = guarded(Duration.ofMinutes(5));
        var turns =
                Stream.generate(guarded::turn).limit(AT_ONCE).map(Optional::orElseThrow).toList();

        assertThat(guarded.turn()).isEmpty();
        assertThat(guarded.carryOut(CHARGE)).isEqualTo(new Result.NotSent(Reason.TOO_MANY_AT_ONCE));
        assertThat(guarded.carryOut(CHARGE, turns.get(0))).isEqualTo(DONE);
        assertThat(counted("charge", "done")).isEqualTo(1);

        turns.get(0).close();
        turns.get(0).close();
        assertThat(guarded.carryOut(CHARGE)).isEqualTo(DONE);
        assertThat(guarded.turn()).isPresent();
        assertThat(guarded.turn()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("trouble")
    void whenTooManyGoWrongNothingIsSentAnyMore(Result answer) {
        var guarded = guarded(Duration.ofMinutes(5));
        assertThat(guarded.carryOut(CHARGE)).isEqualTo(DONE);
        assertThat(guarded.carryOut(CHARGE)).isEqualTo(DONE);
        puppet.next = () -> answer;
        assertThat(guarded.carryOut(CHARGE)).isEqualTo(answer);
        assertThat(guarded.carryOut(CHARGE)).isEqualTo(answer);
        var sent = puppet.calls.get();
        puppet.next = () -> DONE;

        assertThat(guarded.carryOut(CHARGE)).isEqualTo(OPEN);
        assertThat(guarded.find(CHARGE)).isEqualTo(OPEN);
        assertThat(guarded.register(CHARGE.id(), details()))
                .isEqualTo(new Registration.NotSent(Reason.BREAKER_OPEN));

        assertThat(puppet.calls).hasValue(sent);
        assertThat(counted("charge", "notsent")).isGreaterThanOrEqualTo(1);
    }

    @Test
    void registrationsThatGoWrongCountLikeCharges() {
        var guarded = guarded(Duration.ofMinutes(5));
        puppet.registration = new Registration.NotSent(Reason.NOT_CONNECTED);
        for (var i = 0; i < CALLS; i++) {
            guarded.register(CHARGE.id(), details());
        }

        assertThat(guarded.carryOut(CHARGE)).isEqualTo(OPEN);
    }

    @Test
    void whatIsMoreThanSoManyAtOnceIsNotSentAndNobodyWaits() throws Exception {
        var guarded = guarded(Duration.ofMinutes(5));
        var inside = new CountDownLatch(AT_ONCE);
        var go = new CountDownLatch(1);
        puppet.next =
                () -> {
                    inside.countDown();
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return DONE;
                };
        var threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            var under = new ArrayList<Future<Result>>();
            for (var i = 0; i < AT_ONCE; i++) {
                under.add(threads.submit(() -> guarded.carryOut(CHARGE)));
            }
            inside.await();

            // More often than the breaker would look at, if these were calls to it.
            for (var i = 0; i < 2 * CALLS; i++) {
                assertThat(guarded.carryOut(CHARGE))
                        .isEqualTo(new Result.NotSent(Reason.TOO_MANY_AT_ONCE));
                assertThat(guarded.find(CHARGE))
                        .isEqualTo(new Result.NotSent(Reason.TOO_MANY_AT_ONCE));
                assertThat(guarded.register(CHARGE.id(), details()))
                        .isEqualTo(new Registration.NotSent(Reason.TOO_MANY_AT_ONCE));
            }

            go.countDown();
            for (var each : under) {
                assertThat(each.get()).isEqualTo(DONE);
            }
            assertThat(guarded.carryOut(CHARGE)).isEqualTo(DONE);
        } finally {
            go.countDown();
            threads.shutdown();
        }
    }

    @Test
    void aTurnIsGivenBackAfterABugToo() {
        var guarded = guarded(Duration.ofMinutes(5));
        puppet.next =
                () -> {
                    throw new NonsenseRefused("a bug");
                };
        for (var i = 0; i < 2 * AT_ONCE; i++) {
            assertThatExceptionOfType(NonsenseRefused.class)
                    .isThrownBy(() -> guarded.carryOut(CHARGE));
        }
    }

    @Test
    void itTriesAgainAfterAWhileAndClosesWhenThatGoesWell() {
        var guarded = guarded(Duration.ofMillis(100));
        puppet.next = () -> new Result.Unknown(Reason.TIME_OUT);
        for (var i = 0; i < CALLS; i++) {
            guarded.carryOut(CHARGE);
        }
        assertThat(guarded.carryOut(CHARGE)).isEqualTo(OPEN);
        puppet.next = () -> DONE;

        await().until(() -> guarded.carryOut(CHARGE).equals(DONE));

        for (var i = 0; i < CALLS; i++) {
            assertThat(guarded.carryOut(CHARGE)).isEqualTo(DONE);
        }
    }

    @Test
    void aDeclineAConflictAndABugOfOursAreNoTrouble() {
        var guarded = guarded(Duration.ofMinutes(5));
        for (var i = 0; i < CALLS; i++) {
            puppet.next = () -> new Result.Declined("card_declined");
            guarded.carryOut(CHARGE);
            puppet.next = () -> new Result.Unknown(Reason.CONFLICT);
            guarded.carryOut(CHARGE);
            puppet.next =
                    () -> {
                        throw new IllegalStateException("a bug");
                    };
            assertThatIllegalStateException().isThrownBy(() -> guarded.carryOut(CHARGE));
        }
        puppet.next = () -> DONE;

        assertThat(guarded.carryOut(CHARGE)).isEqualTo(DONE);
        assertThat(counted("charge", "refused")).isEqualTo(CALLS);
    }

    @Test
    void aCallWithinATransactionIsRefused() {
        var guarded = guarded(Duration.ofMinutes(5));

        assertThatThrownBy(
                        () ->
                                QuarkusTransaction.requiringNew()
                                        .call(() -> guarded.carryOut(CHARGE)))
                .hasStackTraceContaining("within a transaction");
        assertThat(puppet.calls).hasValue(0);
    }

    @Test
    void theSandboxHasTheSimulatorBehindIt() {
        var registered = used.register(CHARGE.id(), details());

        assertThat(registered)
                .isInstanceOfSatisfying(
                        Registration.Registered.class,
                        it -> assertThat(it.reference()).startsWith("sim_"));
    }

    private double counted(String call, String outcome) {
        return metrics.timer("kvit.processor.calls", "call", call, "outcome", outcome).count();
    }

    private static CardDetails details() {
        return new CardDetails(
                CardNumber.parse("4242424242424242").orElseThrow(),
                YearMonth.of(2031, 3),
                null,
                "Ada Lovelace");
    }

    private GuardedProcessor guarded(Duration openFor) {
        var breaker = new ProcessorSettings.Figures(CALLS, 50, openFor);
        return new GuardedProcessor(
                puppet, ProcessorSettings.of(AT_ONCE, breaker), metrics, transaction);
    }
}
