package kvit.books;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Base64;
import kvit.database.Statements;
import org.jboss.logging.Logger;

/**
 * Signs how far the chain goes, once a day, and says so in the log: wherever that goes to, nobody
 * who bends the database bends it there.
 */
@ApplicationScoped
class SignHead {

    private static final Logger LOG = Logger.getLogger(SignHead.class);

    private final SigningKey key;

    SignHead(SigningKey key) {
        this.key = key;
    }

    void sign(Statements statements, Head head, Instant now) {
        var store = new SignatureStore(statements);
        var day = DayTotals.day(now);
        var previous = store.last().map(SignedHead::day).orElse(null);
        if (previous != null && !previous.isBefore(day)) {
            return;
        }
        var signed = key.sign(day, head, now, previous);
        if (store.insert(signed)) {
            var base64 = Base64.getEncoder();
            LOG.infof(
                    "books: on %s the chain goes to %d, %s; signed at %s with %s: %s",
                    day,
                    head.number(),
                    head.digest(),
                    now,
                    base64.encodeToString(signed.key()),
                    base64.encodeToString(signed.signature()));
        }
    }
}
