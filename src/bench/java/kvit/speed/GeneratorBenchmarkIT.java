package kvit.speed;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whether the generator can be believed: against a server of which everything is known. */
class GeneratorBenchmarkIT {

    private static final byte[] CREATED =
            Requests.ascii("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
    private static final byte[] TURNED_AWAY =
            Requests.ascii("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
    private static final Duration TIME = Duration.ofSeconds(3);

    /** An idle server that answers at once is faster than anything that is measured. */
    private static final double RATE_MIN = 10_000;

    private final NioEventLoopGroup serving = new NioEventLoopGroup(1);
    private Generator generator;
    private byte[] answer = CREATED;
    private int asked;
    private boolean closes;

    @BeforeEach
    void serve() throws Exception {
        var server =
                new ServerBootstrap()
                        .group(serving)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline()
                                                .addLast(new HttpRequestDecoder(), new Server());
                                    }
                                })
                        .bind("localhost", 0)
                        .sync()
                        .channel();
        var port = ((InetSocketAddress) server.localAddress()).getPort();
        generator = new Generator(URI.create("http://localhost:" + port));
    }

    @AfterEach
    void end() {
        generator.close();
        serving.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void itIsFasterThanWhatItMeasures() throws Exception {
        var measured = generator.run(Load.closed(new Questions(), 64, TIME, TIME));

        System.out.printf("the generator and an idle server: %.0f/s%n", measured.rateOf(201));
        assertThat(measured.errors()).isZero();
        assertThat(measured.rateOf(201)).isGreaterThan(RATE_MIN);
    }

    @Test
    void whoeverShouldHaveComeDuringAPauseHasWaitedForItsEnd() throws Exception {
        var pause = Duration.ofSeconds(1);
        serving.schedule(() -> pause(pause), 1, TimeUnit.SECONDS);

        var measured = generator.run(Load.open(new Questions(), 4, 1_000, Duration.ZERO, TIME));

        // A third of the arrivals fell into it; a client that waits for its answers would have
        // had four.
        assertThat(measured.overrun()).isFalse();
        assertThat(measured.latency().getTotalCount()).isEqualTo(3_000);
        assertThat(Report.inMillis(measured.latency(), 85)).isBetween(300.0, 800.0);
        assertThat(Report.inMillis(measured.latency(), 100)).isGreaterThan(950);
    }

    private static void pause(Duration time) {
        var until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - until < 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void itSaysSoWhereNobodyKeepsUp() throws Exception {
        serving.execute(() -> pause(Duration.ofSeconds(4)));

        var measured =
                generator.run(
                        Load.open(new Questions(), 1, 100, Duration.ZERO, TIME.multipliedBy(4)));

        assertThat(measured.overrun()).isTrue();
    }

    @Test
    void anAnswerThatNobodyExpectsIsAnErrorAndNotASpeed() throws Exception {
        answer = TURNED_AWAY;
        var load = Load.closed(new Questions(), 1, Duration.ZERO, TIME).endingAfter(10);

        assertThat(generator.run(load).errors()).isEqualTo(10);
        var turnedAway = generator.run(load.turningAway());
        assertThat(turnedAway.errors()).isZero();
        assertThat(turnedAway.answersWith(503)).isEqualTo(10);
        assertThat(turnedAway.latency().getTotalCount()).isZero();
    }

    @Test
    void aConnectionThatBreaksIsAnErrorAndItsRequestIsUnanswered() throws Exception {
        closes = true;

        var measured = generator.run(Load.closed(new Questions(), 2, Duration.ZERO, TIME));

        assertThat(measured.errors()).isEqualTo(2);
        assertThat(measured.unanswered()).isEqualTo(2);
        assertThat(asked).isEqualTo(2);
    }

    private static final class Questions implements Traffic {

        private static final ByteBuf REQUEST =
                Unpooled.unreleasableBuffer(
                        Unpooled.copiedBuffer(
                                Requests.ascii("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")));

        @Override
        public void next(Exchange exchange, ByteBuf out) {
            out.writeBytes(REQUEST, 0, REQUEST.readableBytes());
        }

        @Override
        public void answered(Exchange exchange) {
            // Nothing is kept.
        }

        @Override
        public void unanswered(Exchange exchange) {
            // Nothing is kept.
        }
    }

    private final class Server extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            var isWhole = message instanceof LastHttpContent;
            ReferenceCountUtil.release(message);
            if (isWhole && closes) {
                asked++;
                context.close();
            } else if (isWhole) {
                context.writeAndFlush(Unpooled.wrappedBuffer(answer));
            }
        }
    }
}
