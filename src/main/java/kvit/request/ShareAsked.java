package kvit.request;

import java.util.UUID;
import kvit.money.Money;

/** Somebody is asked for money. */
record ShareAsked(UUID request, UUID share, UUID customer, UUID other, Money amount)
        implements ShareEvent {

    static ShareAsked of(Request request, Share share) {
        return new ShareAsked(
                request.id(), share.id(), share.payer(), request.asker(), share.amount());
    }
}
