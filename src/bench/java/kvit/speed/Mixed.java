package kvit.speed;

import io.netty.buffer.ByteBuf;

/** Mostly one traffic, and each so many requests one of another. */
final class Mixed implements Traffic {

    private final Traffic most;
    private final Traffic some;
    private final int every;
    private int count;

    /**
     * @param every 5 is a fifth
     */
    Mixed(Traffic most, Traffic some, int every) {
        this.most = most;
        this.some = some;
        this.every = every;
    }

    @Override
    public void next(Exchange exchange, ByteBuf out) {
        exchange.source = ++count % every == 0 ? some : most;
        exchange.source.next(exchange, out);
    }

    @Override
    public void answered(Exchange exchange) {
        exchange.source.answered(exchange);
    }

    @Override
    public void unanswered(Exchange exchange) {
        exchange.source.unanswered(exchange);
    }
}
