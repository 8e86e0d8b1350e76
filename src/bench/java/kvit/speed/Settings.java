package kvit.speed;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a run can be told by system properties; without them it is the full one. */
final class Settings {

    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");

    private Settings() {}

    /**
     * Of the service. By default as small as the promise of 400 MB allows, and without threads of
     * the collector's own.
     */
    static String flags() {
        return text("flags")
                .orElse(
                        "-Xmx128m -Xmn60m -XX:SurvivorRatio=2 -XX:TargetSurvivorRatio=90"
                                + " -XX:+UseSerialGC -XX:TrimNativeHeapInterval=5000");
    }

    /** The build that is measured. */
    static Path jar() {
        return text("jar").map(Path::of).orElse(JAR);
    }

    /** An older build, whose CPU per transfer is compared. */
    static Optional<Path> before() {
        return text("before").map(Path::of);
    }

    static int people() {
        return number("people", 10_000);
    }

    /** Of closed loads. */
    static int connections() {
        return number("connections", 256);
    }

    /**
     * Enough that the service, not the generator's connections, is what is overloaded: of whom is
     * taken in, 448 wait at once, and what is turned away needs connections beside them.
     */
    static int overloadConnections() {
        return number("overload-connections", 2_048);
    }

    static int overloadFactor() {
        return number("overload-factor", 3);
    }

    /** How long each measurement through HTTP takes; those of SQL take two thirds of it. */
    static Duration measured() {
        return Duration.ofSeconds(number("seconds", 15));
    }

    static Duration measuredInSql() {
        return measured().multipliedBy(2).dividedBy(3);
    }

    /** Under load, for the compilers of the service's machine and of the generator's. */
    static Duration warmUp() {
        return Duration.ofSeconds(number("warm-up", 60));
    }

    /** How often HTTP and SQL alone take turns. */
    static int rounds() {
        return number("rounds", 3);
    }

    /** How many transfers the books have at the end of {@link GrowthBenchmarkIT}. */
    static int growth() {
        return number("growth", 2_000_000);
    }

    /** The folder of a service whose books have grown already, at an earlier run. */
    static Optional<Path> grown() {
        return text("grown").map(Path::of);
    }

    /** Whether a scenario is to run; all do unless some are named. */
    static boolean runs(String scenario) {
        return text("only").map(Settings::names).map(it -> it.contains(scenario)).orElse(true);
    }

    private static Set<String> names(String list) {
        return Arrays.stream(list.split(",")).map(String::strip).collect(Collectors.toSet());
    }

    private static int number(String name, int otherwise) {
        return text(name).map(Integer::valueOf).orElse(otherwise);
    }

    private static Optional<String> text(String name) {
        return Optional.ofNullable(System.getProperty("kvit.bench." + name))
                .filter(it -> !it.isBlank());
    }
}
