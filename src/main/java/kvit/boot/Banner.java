package kvit.boot;

import io.quarkus.vertx.http.HttpServer;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import java.nio.file.Path;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Tells whoever tries Kvit where to look first. */
@ApplicationScoped
class Banner {
    private static final Logger LOG = Logger.getLogger(Banner.class);

    private final HttpServer server;
    private final Mode mode;
    private final boolean bundled;
    private final Path directory;

    Banner(
            HttpServer server,
            @ConfigProperty(name = Mode.PROPERTY) String mode,
            @ConfigProperty(name = BundledPostgres.MARKER, defaultValue = "false") boolean bundled,
            @ConfigProperty(name = SandboxKeys.DIRECTORY, defaultValue = ".kvit")
                    String directory) {
        this.server = server;
        this.mode = Mode.of(mode);
        this.bundled = bundled;
        this.directory = Path.of(directory).toAbsolutePath().normalize();
    }

    /** Not at the StartupEvent: the port may be chosen only when the server opens it. */
    void print(@ObservesAsync HttpServerStart start) {
        String base = "http://localhost:" + server.getPort();
        if (mode == Mode.LIVE) {
            LOG.infof("Kvit is live at %s", base);
            return;
        }
        LOG.infof("Kvit's sandbox is at %s: no real money, no real messages", base);
        LOG.infof("  try the API    %s/q/swagger-ui", base);
        LOG.infof("  read messages  %s/v1/sandbox/messages?phone=+12025550190", base);
        LOG.infof("  data           %s", bundled ? directory : "in the configured database");
    }
}
