package kvit.reconcile;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Map;

@ConfigMapping(prefix = "kvit.reconcile")
interface ReconcileConfig {

    /**
     * Minor units that may be written off at once, and by how much a forced match may fall short:
     * two who agree are no reason to lose more without anybody else hearing of it.
     */
    @WithDefault("10000")
    long writeOffMax();

    /** Minor units of all that is written off in one currency on one day, which begins in UTC. */
    @WithDefault("100000")
    long writeOffDayMax();

    /** The first of certain currencies: ten thousand yen are not ten thousand cents. */
    Map<String, Long> writeOffMaxOf();

    /** The second of certain currencies. */
    Map<String, Long> writeOffDayMaxOf();

    /**
     * How many lines of several files one run takes: it holds all of them in memory, on a replica
     * that serves customers meanwhile. A single file was bounded when it came.
     */
    @WithDefault("250000")
    int linesMax();
}
