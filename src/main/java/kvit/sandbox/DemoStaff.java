package kvit.sandbox;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import kvit.operate.DemoOperators;
import kvit.operate.Role;
import org.jboss.logging.Logger;

/** One operator of each role, so that what takes two people can be tried by one. */
@ApplicationScoped
class DemoStaff {

    /** Everybody may know it: it opens a sandbox. */
    private static final String PASSWORD = "correct horse battery staple";

    private static final Logger LOG = Logger.getLogger(DemoStaff.class);

    private final DemoOperators operators;
    private final Mode mode;
    private final SandboxConfig config;

    DemoStaff(DemoOperators operators, Mode mode, SandboxConfig config) {
        this.operators = operators;
        this.mode = mode;
        this.config = config;
    }

    /** Again at each start: who is there already is left alone. */
    void seed(@Observes StartupEvent event) {
        if (!mode.isSandbox() || !config.seed()) {
            return;
        }
        operators.seed("support@kvit.example", "Sam Support", PASSWORD, Role.SUPPORT);
        operators.seed("finance@kvit.example", "Fay Finance", PASSWORD, Role.FINANCE);
        operators.seed("approver@kvit.example", "Ari Approver", PASSWORD, Role.APPROVER);
        operators.seed("admin@kvit.example", "Ada Admin", PASSWORD, Role.ADMIN);
        LOG.infof("demo operators: support@, finance@, approver@, admin@kvit.example");
    }
}
