package kvit.boot;

import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import kvit.operate.OperatorCommand;

/**
 * Provides what the configuration leaves to Kvit, runs the service, and puts everything away after
 * the service has answered its last request.
 */
@QuarkusMain
public class Main {
    public static void main(String... args) {
        try (Provisions provisions = new Provisions()) {
            provisions.provide();
            releaseBeforeExit(provisions);
            if (args.length == 0) {
                Quarkus.run();
            } else {
                carryOut(args);
            }
        } catch (Refusal refusal) {
            refuse(refusal);
        }
    }

    /** A command is carried out beside a service that runs, which has the port. */
    private static void carryOut(String... args) {
        System.setProperty("quarkus.http.host-enabled", "false");
        Quarkus.run(OperatorCommand.class, args);
    }

    /**
     * Quarkus ends by calling this handler, whose default is {@code System.exit}: nothing that
     * follows {@code Quarkus.run} is certain to be reached. In dev mode the handler is Quarkus'
     * own, which waits for the next change, so it is called and not replaced.
     */
    private static void releaseBeforeExit(Provisions provisions) {
        var exit = ApplicationLifecycleManager.getDefaultExitCodeHandler();
        ApplicationLifecycleManager.setDefaultExitCodeHandler(
                (code, failure) -> {
                    provisions.close();
                    ApplicationLifecycleManager.setDefaultExitCodeHandler(exit);
                    exit.accept(code, failure);
                });
    }

    /**
     * Logging is configured by {@code Quarkus.run}, which was not reached: hence the bare stream.
     */
    private static void refuse(Refusal refusal) {
        if (LaunchMode.current() == LaunchMode.DEVELOPMENT) {
            // Dev mode shows the failure and tries again after the next change.
            throw refusal;
        }
        System.err.println(refusal.getMessage());
        System.exit(1);
    }
}
