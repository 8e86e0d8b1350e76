package kvit.speed;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;

/** A connection that is kept alive and has one request under way at most. */
final class Connection extends ChannelInboundHandlerAdapter {

    private static final AsciiString REPLAYED = AsciiString.cached("Idempotency-Replayed");
    private static final int TEXT_MAX = 400;

    /** A request with its token, at the most. */
    private static final int REQUEST_BYTES = 2_048;

    private final Run run;
    private final Channel channel;
    private final Exchange exchange = new Exchange();
    private boolean isBusy;

    Connection(Run run, Channel channel) {
        this.run = run;
        this.channel = channel;
    }

    boolean isOpen() {
        return channel.isActive();
    }

    void send(Traffic traffic, long intendedAt) {
        isBusy = true;
        exchange.intendedAt = intendedAt;
        exchange.wantsText = false;
        exchange.text.setLength(0);
        var out = channel.alloc().directBuffer(REQUEST_BYTES);
        traffic.next(exchange, out);
        channel.writeAndFlush(out, channel.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof HttpResponse head) {
                exchange.status = head.status().code();
                exchange.replayed = head.headers().contains(REPLAYED);
            }
            if (message instanceof HttpContent content) {
                keepText(content);
            }
            if (message instanceof LastHttpContent) {
                isBusy = false;
                run.answered(this, exchange);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void keepText(HttpContent content) {
        if (exchange.text.length() < TEXT_MAX && (exchange.wantsText || !exchange.isAsExpected())) {
            exchange.text.append(content.content().toString(UTF_8));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        run.broken(giveUp(), "closed by the other end");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        run.broken(giveUp(), cause.toString());
        context.close();
    }

    /** The exchange that will have no answer; null where none was under way. */
    Exchange giveUp() {
        var underWay = isBusy ? exchange : null;
        isBusy = false;
        return underWay;
    }
}
