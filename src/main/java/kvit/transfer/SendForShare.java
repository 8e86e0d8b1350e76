package kvit.transfer;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import kvit.idempotency.Answer;
import kvit.identity.ClientApp;
import kvit.identity.PersonRef;
import kvit.money.Money;
import kvit.problem.Problem;
import org.eclipse.microprofile.context.ManagedExecutor;
import org.jspecify.annotations.Nullable;

/** Sends what somebody is asked for: by the same way as any other transfer, and to the same end. */
@ApplicationScoped
public class SendForShare {

    /**
     * Who wants to pay what for which share.
     *
     * @param key the header
     * @param path of the operation
     * @param asked what the client has asked for; with the path, what a replay is recognised by
     * @param payee who has asked for it
     * @param amount refused where it is not the share's
     */
    public record Payment(
            UUID payer,
            ClientApp client,
            @Nullable String key,
            String path,
            Object asked,
            ShareRef share,
            UUID payee,
            Money amount,
            @Nullable String note,
            @Nullable String conversation,
            @Nullable FundingSource source) {

        SendMoney.Order order() {
            return new SendMoney.Order(
                    PersonRef.of(payee),
                    amount,
                    note,
                    null,
                    null,
                    conversation,
                    FundingSource.card(source),
                    share);
        }
    }

    private final SendTogether sendTogether;
    private final PayByCard payByCard;
    private final ManagedExecutor threads;
    private final Attempts attempts;

    SendForShare(
            SendTogether sendTogether,
            PayByCard payByCard,
            ManagedExecutor threads,
            Attempts attempts) {
        this.sendTogether = sendTogether;
        this.payByCard = payByCard;
        this.threads = threads;
        this.attempts = attempts;
    }

    /**
     * Answers what the transfer is answered with, as first given.
     *
     * @throws Problem those of the key, VALIDATION_FAILED, UNAVAILABLE; of a card, CARD_NOT_FOUND
     *     and CARD_PROCESSOR_UNAVAILABLE come with the answer
     */
    public CompletionStage<Answer> send(Payment payment) {
        var attempt =
                attempts.attempt(
                                payment.payer(),
                                payment.client(),
                                payment.key(),
                                payment.path(),
                                payment.asked())
                        .with(payment.order());
        return attempt.order().funding() == null
                ? sendTogether.send(attempt)
                : threads.supplyAsync(() -> payByCard.pay(attempt));
    }
}
