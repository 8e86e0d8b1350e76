package kvit.speed;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** HTTP/1.1 over connections that are kept alive, without pipelining, from a single thread. */
final class Generator implements AutoCloseable {

    /** For what is still under way when the measurement is over. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int BACKLOG_OF_CONNECTS = 64;

    private final EventLoopGroup loops =
            Epoll.isAvailable() ? new EpollEventLoopGroup(1) : new NioEventLoopGroup(1);
    private final Class<? extends Channel> channels =
            Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class;
    private final InetSocketAddress address;

    Generator(URI address) {
        this.address = new InetSocketAddress(address.getHost(), address.getPort());
    }

    /** How it talks to the kernel. */
    static String transport() {
        return Epoll.isAvailable() ? "epoll" : "NIO";
    }

    Measured run(Load load) throws InterruptedException {
        return run(load, () -> {}, () -> {});
    }

    /**
     * Returns when all is answered.
     *
     * @param opens is called when the measurement begins
     * @param closes and when it ends; both on the caller's thread
     */
    Measured run(Load load, Runnable opens, Runnable closes) throws InterruptedException {
        var loop = loops.next();
        var run = new Run(load, loop);
        var open = new ArrayList<Channel>();
        try {
            for (var i = 0; i < load.connections(); i += BACKLOG_OF_CONNECTS) {
                connect(run, Math.min(BACKLOG_OF_CONNECTS, load.connections() - i), open);
            }
            loop.execute(run::start);
            var isOver = ends(run, load.warmUp());
            opens.run();
            isOver = isOver || ends(run, load.measured());
            closes.run();
            if (!isOver && !ends(run, PATIENCE)) {
                loop.execute(run::end);
            }
            return run.whenEnded().join();
        } finally {
            open.forEach(Channel::close);
        }
    }

    private static boolean ends(Run run, Duration within) throws InterruptedException {
        try {
            run.whenEnded().get(within.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A few at a time: a server's queue of connections that nobody has accepted yet is short. */
    private void connect(Run run, int number, ArrayList<Channel> open) throws InterruptedException {
        var bootstrap =
                new Bootstrap()
                        .group(loops)
                        .channel(channels)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .handler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline().addLast(decoder(), run.connect(channel));
                                    }
                                });
        var connecting = new ArrayList<io.netty.channel.ChannelFuture>();
        for (var i = 0; i < number; i++) {
            connecting.add(bootstrap.connect(address));
        }
        for (var each : connecting) {
            open.add(each.sync().channel());
        }
    }

    private static HttpResponseDecoder decoder() {
        return new HttpResponseDecoder(new HttpDecoderConfig().setValidateHeaders(false));
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
