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
}
