package kvit.boot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/** The ways to ask PostgreSQL to stop, the politest first; Java itself can only send that one. */
enum Shutdown {
    /** Takes no new sessions and lets those that are saying goodbye finish. */
    SMART("TERM", Duration.ofSeconds(2)),
    /** Ends all sessions and leaves nothing to repair. */
    FAST("INT", Duration.ofSeconds(30)),
    /** Ends at once; the next start replays the log. */
    IMMEDIATE("QUIT", Duration.ofSeconds(30));

    private final String signal;
    private final Duration patience;

    Shutdown(String signal, Duration patience) {
        this.signal = signal;
        this.patience = patience;
    }

    /** How long to wait for it before the next one. */
    Duration patience() {
        return patience;
    }

    void request(long pid) {
        try {
            // "kill" is part of the shell, and not of every system otherwise.
            new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .onExit()
                    .join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
