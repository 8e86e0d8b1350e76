package kvit.speed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many transfers a second the packaged service carries out, and how long each takes. */
class SpeedBenchmarkIT {

    private static final Duration SETTLING = Duration.ofSeconds(2);

    @TempDir Path folder;
    private Installation installation;

    @BeforeEach
    void install() throws Exception {
        installation = Installation.of(Settings.jar(), folder).start();
    }

    @AfterEach
    void end() {
        installation.close();
    }

    @Test
    void itIsFast() throws Exception {
        System.out.println("ready after " + installation.startUp());
        System.out.println(installation.requireDurable());
        var begunAt = System.nanoTime();
        var crowd = Crowd.signIn(installation.service(), Settings.people());
        System.out.println("signed in: " + Duration.ofNanos(System.nanoTime() - begunAt));
        var requests = new Requests(installation.service().address(), crowd.rich());
        try (var generator = new Generator(installation.service().address())) {
            var uniform =
                    new Transfers(
                            requests, Pairs.uniform(crowd.rich().size()), new Keys("uniform"));
            generator.run(
                    Load.closed(uniform, Settings.connections(), Duration.ZERO, Settings.warmUp()));
            System.out.print(Report.HEADING);
            var figures =
                    new Scenario(installation, generator)
                            .run(
                                    "uniform",
                                    Load.closed(
                                            uniform,
                                            Settings.connections(),
                                            SETTLING,
                                            Settings.measured()));
            assertThat(figures.measured().samples()).isEmpty();
        }
    }
}
