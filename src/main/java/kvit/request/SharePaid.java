package kvit.request;

import java.util.UUID;
import kvit.money.Money;

/** Somebody who was asked has paid. */
record SharePaid(UUID request, UUID share, UUID customer, UUID other, Money amount)
        implements ShareEvent {

    static SharePaid of(Request request, Share share) {
        return new SharePaid(
                request.id(), share.id(), request.asker(), share.payer(), share.amount());
    }
}
