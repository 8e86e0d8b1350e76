package kvit.speed;

import java.util.concurrent.atomic.AtomicReference;

/** Puts a load on an installation, and looks at it from outside meanwhile. */
final class Scenario {

    private final Installation installation;
    private final Generator generator;

    Scenario(Installation installation, Generator generator) {
        this.installation = installation;
        this.generator = generator;
    }

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
        System.out.println(Report.line(figures));
        return figures;
    }
}
