package kvit.books;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What about the books is a matter of the place where Kvit runs. */
@ConfigMapping(prefix = "kvit.books")
interface BooksConfig {

    /**
     * The PEM file (PKCS #8) of the Ed25519 key that signs the head of the chain; without default:
     * live mode has to name it, the sandbox generates one. A key of its own, because whoever signs
     * people in need not be able to vouch for the books.
     */
    Path signingKey();

    /**
     * Public keys that have signed heads before, X.509 in base64 as they stand beside what they
     * have signed: a signature by any other key is somebody else's.
     */
    Optional<List<String>> retiredSigningKeys();

    /**
     * How long after its end a day may be closed. Longer than any transaction may take and clocks
     * of replicas differ together, so that nothing on its way is of a closed day.
     */
    @WithDefault("PT15M")
    Duration closeAfter();

    /**
     * Exports at once, and as many verifications, and as many trial balances: each has a connection
     * of the pool until it is through, and the others are for those who send money.
     */
    @WithDefault("2")
    int readsAtOnce();

    /** Until an export is cut off, however much of it is left. */
    @WithDefault("PT30M")
    Duration exportMax();

    /** Until an export is cut off whose reader takes nothing. */
    @WithDefault("PT10S")
    Duration exportStall();

    /**
     * How long a verification may wait for the database to sort: some seconds per million entries.
     */
    @WithDefault("PT5M")
    Duration verificationPatience();
}
