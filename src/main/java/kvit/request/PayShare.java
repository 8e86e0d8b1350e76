package kvit.request;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import kvit.idempotency.Answer;
import kvit.identity.ClientApp;
import kvit.money.Money;
import kvit.problem.Problem;
import kvit.transfer.FundingSource;
import kvit.transfer.SendForShare;
import kvit.transfer.ShareRef;
import org.jspecify.annotations.Nullable;

/** Pays what somebody is asked for: by a transfer, which is what is answered. */
@ApplicationScoped
class PayShare {

    /**
     * What somebody wants to pay. Its JSON is what a replay is recognised by.
     *
     * @param amount what they believe it to be; another one is refused
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Order(@Nullable Money amount, @Nullable FundingSource fundingSource) {

        /**
         * @throws Problem VALIDATION_FAILED where the source names nothing
         */
        Order {
            FundingSource.require(fundingSource);
        }
    }

    private final RequestBook book;
    private final SendForShare sendForShare;

    PayShare(RequestBook book, SendForShare sendForShare) {
        this.book = book;
        this.sendForShare = sendForShare;
    }

    /**
     * Answers what a transfer is answered with, 201 or 422, each as first given. Whether the share
     * may be paid is decided where the money moves.
     *
     * @param key the header
     * @throws Problem REQUEST_NOT_FOUND, SHARE_NOT_FOUND, NOT_THE_ASKED; these leave the key free;
     *     and what a transfer throws
     */
    CompletionStage<Answer> pay(
            UUID payer,
            ClientApp client,
            @Nullable String key,
            UUID id,
            UUID shareId,
            Order order) {
        var request = book.requireAsked(payer, id, shareId);
        var share = request.share(shareId).orElseThrow();
        return sendForShare.send(
                new SendForShare.Payment(
                        payer,
                        client,
                        key,
                        "/v1/requests/" + id + "/shares/" + shareId + "/payment",
                        order,
                        new ShareRef(id, shareId),
                        request.asker(),
                        order.amount() == null ? share.amount() : order.amount(),
                        request.note(),
                        request.conversation(),
                        order.fundingSource()));
    }
}
