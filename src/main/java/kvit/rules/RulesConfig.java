package kvit.rules;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

@ConfigMapping(prefix = "kvit.rules")
interface RulesConfig {

    /** What the institution is that runs Kvit: some laws are for banks and not for others. */
    @WithDefault("BANK")
    Actor actor();
}
