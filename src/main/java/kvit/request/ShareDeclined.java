package kvit.request;

import java.util.UUID;
import kvit.money.Money;

/** Somebody who was asked does not pay. */
record ShareDeclined(UUID request, UUID share, UUID customer, UUID other, Money amount)
        implements ShareEvent {

    static ShareDeclined of(Request request, Share share) {
        return new ShareDeclined(
                request.id(), share.id(), request.asker(), share.payer(), share.amount());
    }
}
