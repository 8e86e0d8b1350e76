package kvit.identity;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import kvit.source.Sha256;
import org.jspecify.annotations.Nullable;

/** All that is known of a registered front end: a row of client_app. */
final class ClientRecord {

    final ClientApp app;
    final boolean isConfidential;
    final Set<String> scopes;
    final ClientState state;
    private final byte @Nullable [] secret;
    private final byte @Nullable [] previousSecret;
    private final @Nullable Instant previousSecretEndsAt;

    ClientRecord(
            ClientApp app,
            boolean isConfidential,
            Set<String> scopes,
            ClientState state,
            byte @Nullable [] secret,
            byte @Nullable [] previousSecret,
            @Nullable Instant previousSecretEndsAt) {
        this.app = app;
        this.isConfidential = isConfidential;
        this.scopes = Collections.unmodifiableSortedSet(new TreeSet<>(scopes));
        this.state = state;
        this.secret = secret;
        this.previousSecret = previousSecret;
        this.previousSecretEndsAt = previousSecretEndsAt;
    }

    /**
     * Whether this is who somebody says to be. A public one that shows a secret is refused: whoever
     * sends one believes that it is checked.
     */
    boolean isProvedBy(@Nullable String shown, Instant now) {
        if (!isConfidential || shown == null) {
            return !isConfidential && shown == null;
        }
        var hash = Sha256.of(shown);
        return MessageDigest.isEqual(hash, secret)
                || (MessageDigest.isEqual(hash, previousSecret) && hasPreviousSecret(now));
    }

    private boolean hasPreviousSecret(Instant now) {
        return previousSecretEndsAt != null && now.isBefore(previousSecretEndsAt);
    }

    ClientView view() {
        return new ClientView(
                app.id(),
                app.name(),
                app.platform(),
                app.ownerCountry(),
                isConfidential,
                scopes,
                Collections.unmodifiableSortedSet(new TreeSet<>(app.carries())),
                state,
                previousSecretEndsAt);
    }
}
