package kvit.speed;

import io.netty.buffer.ByteBuf;
import kvit.speed.Exchange.Kind;

/** Transfers of one cent, each under a key of its own. */
final class Transfers implements Traffic {

    private final Requests requests;
    private final Pairs pairs;
    private final Keys keys;

    Transfers(Requests requests, Pairs pairs, Keys keys) {
        this.requests = requests;
        this.pairs = pairs;
        this.keys = keys;
    }

    Keys keys() {
        return keys;
    }

    @Override
    public void next(Exchange exchange, ByteBuf out) {
        exchange.kind = Kind.TRANSFER;
        exchange.number = keys.next();
        write(exchange.number, out);
    }

    /** The request of a number, as it was or as it will be. */
    void write(int number, ByteBuf out) {
        requests.transfer(out, pairs.payer(number), pairs.payee(number), keys.key(number));
    }

    @Override
    public void answered(Exchange exchange) {
        if (exchange.status != Tally.TURNED_AWAY) {
            keys.acknowledged(exchange.number);
        }
    }

    @Override
    public void unanswered(Exchange exchange) {
        keys.unanswered(exchange.number);
    }
}
