package kvit.reconcile;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

@ConfigMapping(prefix = "kvit.reconcile")
interface ReconcileConfig {

    /**
     * Minor units that may be written off at once, and by how much a forced match may differ: two
     * who agree are no reason to lose more without anybody else hearing of it.
     */
    @WithDefault("10000")
    long writeOffMax();

    /**
     * How many lines of several files one run takes: it holds all of them in memory, on a replica
     * that serves customers meanwhile. A single file was bounded when it came.
     */
    @WithDefault("250000")
    int linesMax();
}
