package kvit.transfer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import kvit.batch.GroupCommit;
import kvit.idempotency.Answer;
import kvit.ledger.MoneyTransactions;
import kvit.problem.GeneralProblem;
import kvit.problem.Outage;
import kvit.problem.Problem;
import kvit.transfer.SendMoney.Order;
import kvit.transfer.SendMoney.Sent;
import org.eclipse.microprofile.context.ManagedExecutor;

/**
 * Sends what many ask for at the same time in common database transactions, and keeps no thread
 * waiting meanwhile.
 */
@ApplicationScoped
class SendTogether {

    private static final Duration COME_BACK_AFTER = Duration.ofSeconds(1);

    /**
     * As long as nothing is wrong a transfer waits for some hundredths of a second. With what a
     * transaction may take on top of it, whoever waits for twenty seconds has an answer.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final SendMoney sendMoney;
    private final ManagedExecutor threads;
    private final GroupCommit<Attempt<Order>, Sent> commit;
    private final DistributionSummary sizes;
    private final Counter refused;

    SendTogether(
            SendMoney sendMoney,
            TransferConfig config,
            ManagedExecutor threads,
            MeterRegistry metrics) {
        this.sendMoney = sendMoney;
        this.threads = threads;
        var bounds =
                new GroupCommit.Bounds(
                        config.waitingMax(), config.togetherMax(), config.writers(), PATIENCE);
        this.commit = new GroupCommit<>("send", bounds, new Sending());
        this.sizes =
                DistributionSummary.builder("kvit.transfers.together")
                        .description("Transfers of one database transaction")
                        .register(metrics);
        this.refused =
                Counter.builder("kvit.transfers.crowded_out")
                        .description("Transfers refused because too many waited")
                        .register(metrics);
        metrics.gauge("kvit.transfers.waiting", commit, GroupCommit::waiting);
    }

    /** What was taken is answered, while the database is still there. */
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        commit.close();
    }

    /**
     * Answers one attempt: 201 with the transfer, or 422 with the refusal, both as first given.
     *
     * @throws Problem UNAVAILABLE at once, when too many wait; TOO_MANY_REQUESTS comes with the
     *     answer
     */
    CompletionStage<Answer> send(Attempt<Order> attempt) {
        if (sendMoney.mayBeOneLookUpTooMany(attempt)) {
            return threads.supplyAsync(() -> sendAlone(attempt));
        }
        // Whoever hangs up cancels what is returned here, and may not cancel the counting with it.
        return submit(attempt).thenCompose(it -> counted(attempt, it)).copy();
    }

    private Answer sendAlone(Attempt<Order> attempt) {
        sendMoney.requireLookUp(attempt);
        return sendMoney.send(List.of(attempt)).get(0);
    }

    private CompletableFuture<Sent> submit(Attempt<Order> attempt) {
        try {
            return commit.submit(attempt).exceptionally(this::rethrown);
        } catch (GroupCommit.Crowded crowded) {
            throw crowded();
        }
    }

    private Sent rethrown(Throwable failure) {
        if (failure instanceof GroupCommit.Crowded) {
            throw crowded();
        }
        throw new CompletionException(failure);
    }

    /** Counted before it is answered, or a thousand at once would all be the first. */
    private CompletionStage<Answer> counted(Attempt<Order> attempt, Sent sent) {
        return sent.isLookUp()
                ? threads.supplyAsync(
                        () -> {
                            sendMoney.note(attempt);
                            return sent.answer();
                        })
                : CompletableFuture.completedFuture(sent.answer());
    }

    /** Whether {@link #send} would refuse whatever it were asked. */
    boolean isCrowded() {
        return commit.isFull();
    }

    Problem crowded() {
        refused.increment();
        return GeneralProblem.UNAVAILABLE
                .because("Too many transfers wait already; the same request may be repeated.")
                .retryAfter(COME_BACK_AFTER);
    }

    private class Sending implements GroupCommit.Work<Attempt<Order>, Sent> {

        @Override
        public List<Sent> together(List<Attempt<Order>> attempts) {
            sizes.record(attempts.size());
            return sendMoney.sendTogether(attempts);
        }

        @Override
        public Sent alone(Attempt<Order> attempt) {
            // It counts its look-up itself: its thread is no writer's.
            return new Sent(sendMoney.send(List.of(attempt)).get(0), false);
        }

        @Override
        public GroupCommit.Blame blame(Throwable failure) {
            if (Outage.isForAll(failure)) {
                return GroupCommit.Blame.ALL;
            }
            return MoneyTransactions.waitedInVain(failure)
                    ? GroupCommit.Blame.HASTE
                    : GroupCommit.Blame.ONE;
        }
    }
}
