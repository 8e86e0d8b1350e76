package kvit.request;

import java.util.UUID;
import kvit.money.Money;

/** Somebody is not asked any more for what they have not paid. */
record ShareCancelled(UUID request, UUID share, UUID customer, UUID other, Money amount)
        implements ShareEvent {

    static ShareCancelled of(Request request, Share share) {
        return new ShareCancelled(
                request.id(), share.id(), share.payer(), request.asker(), share.amount());
    }
}
