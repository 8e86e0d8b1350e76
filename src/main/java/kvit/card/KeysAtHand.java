package kvit.card;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;

/**
 * Refuses to start without a key that some card needs, and with another one in its place: that is
 * missed here, and not by whoever reads the card, and no number is taken for a new one.
 */
@ApplicationScoped
class KeysAtHand {

    /** One that opens shows the key to be right, and a damaged one shows nothing. */
    private static final int TRIED = 5;

    private final CardStore store;
    private final CardKeys keys;
    private final Vault vault;

    KeysAtHand(CardStore store, CardKeys keys, Vault vault) {
        this.store = store;
        this.keys = keys;
        this.vault = vault;
    }

    /**
     * @throws IllegalStateException naming the setting and the version
     */
    void check(@Observes StartupEvent start) {
        for (var version = store.keyVersionAbove(0);
                version.isPresent();
                version = store.keyVersionAbove(version.getAsInt())) {
            keys.wrapping(version.getAsInt());
            check(version.getAsInt(), store.newestWrappedBy(version.getAsInt(), TRIED));
        }
    }

    private void check(int version, List<CardStore.Known> cards) {
        IllegalStateException failure = null;
        for (var card : cards) {
            try {
                var secret = card.secret();
                var number = vault.open(secret.owner(), secret.sealed()).number();
                if (card.hasFingerprint(vault.fingerprint(number))) {
                    return;
                }
                failure =
                        new IllegalStateException(
                                "kvit.card.fingerprint-key is not the one of card "
                                        + secret.owner().card());
            } catch (IllegalStateException e) {
                failure =
                        new IllegalStateException(
                                "kvit.card.keys has another key of version "
                                        + version
                                        + " than that of card "
                                        + card.secret().owner().card(),
                                e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
