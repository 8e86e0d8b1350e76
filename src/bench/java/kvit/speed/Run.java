package kvit.speed;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One load being generated. Everything happens on one event loop.
 *
 * <p>Arrivals of an open load follow their schedule whatever the service does: one that finds no
 * free connection waits here, and its wait counts. When more wait than {@link #BACKLOG} of them,
 * the service cannot keep up with the rate, and no figure of it would mean anything: the run ends.
 */
final class Run {

    /** Arrivals that may wait, as the time in which they come. */
    private static final Duration BACKLOG = Duration.ofSeconds(2);

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** Between two looks at the schedule, where no answer makes it look sooner. */
    private static final long TICK_MICROS = 500;

    private static final int STATUS_BROKEN = 0;

    private final Load load;
    private final EventLoop loop;
    private final List<Connection> connections = new ArrayList<>();
    private final ArrayDeque<Connection> free = new ArrayDeque<>();
    private final CompletableFuture<Measured> end = new CompletableFuture<>();
    private final long scheduled;
    private Tally tally;
    private long startedAt;
    private long closesAt;
    private long answeredAt;
    private long sent;
    private int underWay;
    private boolean overrun;
    private boolean closing;

    Run(Load load, EventLoop loop) {
        this.load = load;
        this.loop = loop;
        this.scheduled =
                load.isOpen()
                        ? Math.min(
                                load.atMost(),
                                (long)
                                        (load.rate()
                                                * load.warmUp().plus(load.measured()).toNanos()
                                                / SECOND))
                        : load.atMost();
    }

    /** Before the start. */
    Connection connect(Channel channel) {
        var connection = new Connection(this, channel);
        connections.add(connection);
        return connection;
    }

    void start() {
        startedAt = System.nanoTime();
        answeredAt = startedAt;
        var opensAt = startedAt + load.warmUp().toNanos();
        closesAt = opensAt + load.measured().toNanos();
        tally = new Tally(opensAt, closesAt, load.mayTurnAway());
        free.addAll(connections);
        if (load.isOpen()) {
            tick();
        } else {
            connections.forEach(it -> goOn(startedAt));
        }
    }

    private void tick() {
        sendDue(System.nanoTime());
        if (!isOver()) {
            loop.schedule(this::tick, TICK_MICROS, TimeUnit.MICROSECONDS);
        }
    }

    private void sendDue(long now) {
        var due = Math.min(scheduled, 1 + (long) ((now - startedAt) * load.rate() / SECOND));
        while (sent < due && !free.isEmpty() && !overrun) {
            send(free.poll(), startedAt + (long) (sent * SECOND / load.rate()));
        }
        if (due - sent > load.rate() * BACKLOG.toNanos() / SECOND) {
            overrun = true;
            endIfOver();
        }
    }

    private void send(Connection connection, long intendedAt) {
        if (!connection.isOpen()) {
            return;
        }
        sent++;
        underWay++;
        connection.send(load.traffic(), intendedAt);
    }

    void answered(Connection connection, Exchange exchange) {
        var now = System.nanoTime();
        underWay--;
        answeredAt = now;
        tally.answered(exchange, now);
        if (tally.isExpected(exchange)) {
            load.traffic().answered(exchange);
        } else {
            load.traffic().unanswered(exchange);
        }
        free.add(connection);
        goOn(now);
    }

    private void goOn(long now) {
        if (load.isOpen()) {
            sendDue(now);
        } else if (sent < scheduled && now - closesAt < 0 && !free.isEmpty()) {
            send(free.poll(), now);
        }
        endIfOver();
    }

    void broken(Exchange exchange, String why) {
        if (closing) {
            return;
        }
        tally.failed("a connection broke: " + why);
        giveUp(exchange);
        endIfOver();
    }

    private void giveUp(Exchange exchange) {
        if (exchange != null) {
            underWay--;
            exchange.status = STATUS_BROKEN;
            tally.unanswered();
            load.traffic().unanswered(exchange);
        }
    }

    private boolean isOver() {
        if (overrun || connections.stream().noneMatch(Connection::isOpen)) {
            return underWay == 0;
        }
        var mayGoOn = load.isOpen() || System.nanoTime() - closesAt < 0;
        return underWay == 0 && !(mayGoOn && sent < scheduled);
    }

    private void endIfOver() {
        if (underWay == 0 && isOver()) {
            end();
        }
    }

    /** What has no answer by now has none. */
    void end() {
        if (!closing) {
            closing = true;
            connections.forEach(it -> giveUp(it.giveUp()));
            end.complete(tally.measured(answeredAt, overrun));
        }
    }

    /** Completed on the event loop. */
    CompletableFuture<Measured> whenEnded() {
        return end;
    }
}
