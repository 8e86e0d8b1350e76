package kvit.speed;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import kvit.packaged.Postgres;

/** An installation with people in it, and a generator that is connected to it. */
final class Stage implements AutoCloseable {

    /** Between one load and the next: connections are opened, queues fill. */
    private static final Duration SETTLING = Duration.ofSeconds(2);

    /** For a way beside the usual one. */
    private static final Duration WARM_UP_BESIDE = Duration.ofSeconds(10);

    private final Installation installation;
    private final Crowd crowd;
    private final Requests requests;
    private final Generator generator;
    private final List<Keys> keys = new ArrayList<>();
    private long errors;
    private long unanswered;

    private Stage(Installation installation, Crowd crowd) {
        this.installation = installation;
        this.crowd = crowd;
        var address = installation.service().address();
        this.requests = new Requests(address, crowd.all());
        this.generator = new Generator(address);
    }

    /** Of an installation that runs, and that ends with the stage. */
    static Stage of(Installation installation) throws IOException, InterruptedException {
        var begunAt = System.nanoTime();
        var crowd = Crowd.signIn(installation.service(), Settings.people());
        System.out.printf(
                "%d people signed in and funded within %s%n",
                crowd.rich().size(), Duration.ofNanos(System.nanoTime() - begunAt));
        return new Stage(installation, crowd);
    }

    static Stage in(Path folder, Path jar) throws IOException, InterruptedException {
        var installation = Installation.of(jar, folder);
        try {
            return of(installation.start());
        } catch (IOException | RuntimeException | Error e) {
            installation.close();
            throw e;
        }
    }

    Postgres postgres() {
        return installation.postgres();
    }

    Installation installation() {
        return installation;
    }

    Crowd crowd() {
        return crowd;
    }

    Requests requests() {
        return requests;
    }

    int people() {
        return crowd.rich().size();
    }

    Pairs uniform() {
        return Pairs.uniform(people());
    }

    /** Of people who have nothing. */
    Pairs broke() {
        return Pairs.from(crowd.poor().size(), people(), people());
    }

    /**
     * @param name what the keys begin with; not twice on one stage
     */
    Transfers transfers(String name, Pairs pairs) {
        var transfers = new Transfers(requests, pairs, new Keys(name));
        keys.add(transfers.keys());
        return transfers;
    }

    /** All that was ever sent in transfers of this stage. */
    List<Keys> keys() {
        return keys;
    }

    /** The load that is there before anything is measured: compilers need some time of it. */
    void warmUp() throws InterruptedException {
        warmUp(transfers("warm-up", uniform()));
    }

    /** The same with transfers that are at hand. */
    void warmUp(Transfers transfers) throws InterruptedException {
        run(
                "warm-up",
                Load.closed(transfers, Settings.connections(), Duration.ZERO, Settings.warmUp()));
    }

    /** The same for what is not usual. */
    void warmUp(String name, Traffic traffic) throws InterruptedException {
        run(
                "warm-up, " + name,
                Load.closed(traffic, Settings.connections(), Duration.ZERO, WARM_UP_BESIDE));
    }

    /**
     * And for more at once than may wait. Not by the clock: what the compilers hold up would have
     * to be caught up with.
     */
    void crowd(Traffic traffic) throws InterruptedException {
        run(
                "warm-up, crowd",
                Load.closed(traffic, Settings.overloadConnections(), Duration.ZERO, WARM_UP_BESIDE)
                        .turningAway());
    }

    /** Each connection sends when it was answered. */
    Figures closed(String name, Traffic traffic) throws InterruptedException {
        return run(
                name, Load.closed(traffic, Settings.connections(), SETTLING, Settings.measured()));
    }

    /** Arrivals by the clock. */
    Load open(Traffic traffic, int connections, double rate) {
        return Load.open(traffic, connections, rate, SETTLING, Settings.measured());
    }

    /** Generates it, and looks at the processes meanwhile. */
    Figures run(String name, Load load) throws InterruptedException {
        var processes = installation.processes();
        var before = new AtomicReference<Processes.Cpu>();
        var after = new AtomicReference<Processes.Cpu>();
        var measured =
                generator.run(
                        load, () -> before.set(processes.cpu()), () -> after.set(processes.cpu()));
        var figures =
                new Figures(
                        name,
                        measured,
                        after.get().minus(before.get()),
                        processes.memory(),
                        processes.memoryAtMost());
        errors += measured.errors();
        unanswered += measured.unanswered();
        System.out.println(Report.line(figures));
        measured.samples().forEach(it -> System.out.println("error: " + it));
        return figures;
    }

    /** Whatever was measured, it was worth nothing if this is not so, also before and between. */
    void require(Targets targets) {
        targets.none("unexpected answers and broken connections", errors);
        targets.none("requests without an answer", unanswered);
    }

    @Override
    public void close() {
        generator.close();
        installation.close();
    }
}
