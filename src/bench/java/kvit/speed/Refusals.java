package kvit.speed;

import io.netty.buffer.ByteBuf;
import kvit.speed.Exchange.Kind;

/** Transfers of people who have no money. Each refusal is stored under its key. */
final class Refusals implements Traffic {

    private final Transfers transfers;

    Refusals(Transfers transfers) {
        this.transfers = transfers;
    }

    @Override
    public void next(Exchange exchange, ByteBuf out) {
        transfers.next(exchange, out);
        exchange.kind = Kind.REFUSAL;
    }

    @Override
    public void answered(Exchange exchange) {
        transfers.answered(exchange);
    }

    @Override
    public void unanswered(Exchange exchange) {
        transfers.unanswered(exchange);
    }
}
