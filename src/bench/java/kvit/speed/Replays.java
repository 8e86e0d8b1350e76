package kvit.speed;

import io.netty.buffer.ByteBuf;
import java.util.SplittableRandom;
import kvit.speed.Exchange.Kind;

/** Transfers that were acknowledged before, asked for once more: same key, same body. */
final class Replays implements Traffic {

    private final SplittableRandom random = new SplittableRandom(1);
    private final Transfers transfers;

    Replays(Transfers transfers) {
        this.transfers = transfers;
    }

    @Override
    public void next(Exchange exchange, ByteBuf out) {
        var acknowledged = transfers.keys().acknowledged();
        var earlier = acknowledged.length();
        var number = earlier == 0 ? -1 : acknowledged.previousSetBit(random.nextInt(earlier));
        if (number < 0) {
            transfers.next(exchange, out);
            return;
        }
        exchange.kind = Kind.REPLAY;
        exchange.number = number;
        transfers.write(number, out);
    }

    @Override
    public void answered(Exchange exchange) {
        transfers.answered(exchange);
    }

    /** What it repeats was acknowledged, and stays so. */
    @Override
    public void unanswered(Exchange exchange) {
        if (exchange.kind == Kind.TRANSFER) {
            transfers.unanswered(exchange);
        }
    }
}
