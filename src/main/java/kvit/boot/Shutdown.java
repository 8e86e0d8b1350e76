package kvit.boot;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The ways to ask PostgreSQL to stop; Java itself can only send the one that waits for clients. */
enum Shutdown {
    /** Ends all sessions and leaves nothing to repair. */
    FAST("INT"),
    /** Ends at once; the next start replays the log. */
    IMMEDIATE("QUIT");

    private final String signal;

    Shutdown(String signal) {
        this.signal = signal;
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
