package kvit.request;

import java.util.UUID;
import kvit.money.Money;

/** Somebody is reminded of what they are asked for. */
record ShareReminded(UUID request, UUID share, UUID customer, UUID other, Money amount)
        implements ShareEvent {

    static ShareReminded of(Request request, Share share) {
        return new ShareReminded(
                request.id(), share.id(), share.payer(), request.asker(), share.amount());
    }
}
