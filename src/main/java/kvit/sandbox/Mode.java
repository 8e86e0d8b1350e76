package kvit.sandbox;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Whether this is a sandbox at all: the package is in every jar, and asleep in live mode. */
@ApplicationScoped
class Mode {

    private final boolean isSandbox;

    Mode(@ConfigProperty(name = "kvit.mode") String mode) {
        this.isSandbox = "sandbox".equals(mode);
    }

    boolean isSandbox() {
        return isSandbox;
    }
}
