package kvit.request;

import java.util.UUID;
import kvit.money.Money;

/** Somebody is asked for more, because another one has declined. */
record ShareRaised(UUID request, UUID share, UUID customer, UUID other, Money amount)
        implements ShareEvent {

    static ShareRaised of(Request request, Share share) {
        return new ShareRaised(
                request.id(), share.id(), share.payer(), request.asker(), share.amount());
    }
}
