package kvit.card;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import kvit.ledger.MoneyTransactions;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Has the current key wrap the data keys of all cards, beside a service that runs. What a row says
 * of its key is all that is known of how far this has come: it may be cut off anywhere and begun
 * again, and two at once only share the work.
 */
@ApplicationScoped
public class RotateCardKeys {

    /** Cards of one transaction, which nobody else changes for that long: some milliseconds. */
    private static final int PORTION = 100;

    private static final UUID FIRST = new UUID(0, 0);

    private static final Logger LOG = Logger.getLogger(RotateCardKeys.class);

    /**
     * @param last the id to go on behind; null when there was none left
     */
    private record Portion(int wrapped, List<UUID> left, @Nullable UUID last) {}

    private final CardStore store;
    private final Vault vault;
    private final MoneyTransactions transactions;

    RotateCardKeys(CardStore store, Vault vault, MoneyTransactions transactions) {
        this.store = store;
        this.vault = vault;
        this.transactions = transactions;
    }

    /**
     * What has become of it.
     *
     * @param cards how many were wrapped anew
     * @param left those that do not open by the key that they name, by id; they are as they were
     */
    public record Rotated(long cards, List<UUID> left) {}

    /**
     * Returns when another key wraps no card's data key but of those that do not open, unless
     * somebody goes on writing with one.
     *
     * @throws IllegalStateException when a newer key than the current one is in use already: going
     *     back is a mistake, or one of two commands at once
     */
    public Rotated rotate() {
        var rotated = 0L;
        while (true) {
            var left = new ArrayList<UUID>();
            var wrapped = 0L;
            for (var version = store.keyVersionAbove(0);
                    version.isPresent();
                    version = store.keyVersionAbove(version.getAsInt())) {
                requireNotNewer(version.getAsInt());
                if (version.getAsInt() != vault.keyVersion()) {
                    wrapped += rotate(version.getAsInt(), left);
                }
            }
            if (wrapped == 0) {
                return new Rotated(rotated, List.copyOf(left));
            }
            rotated += wrapped;
        }
    }

    /** The version of the key that wraps from now on. */
    public int keyVersion() {
        return vault.keyVersion();
    }

    private void requireNotNewer(int version) {
        if (version > vault.keyVersion()) {
            throw new IllegalStateException(
                    "kvit.card.key-version is %d, and cards are wrapped by the key %d already"
                            .formatted(vault.keyVersion(), version));
        }
    }

    private long rotate(int version, List<UUID> left) {
        var wrapped = 0L;
        var after = FIRST;
        while (true) {
            var from = after;
            var portion = transactions.once(() -> portion(version, from));
            wrapped += portion.wrapped();
            left.addAll(portion.left());
            if (portion.last() == null) {
                return wrapped;
            }
            after = portion.last();
        }
    }

    private Portion portion(int version, UUID after) {
        var secrets = store.lockWrappedBy(version, after, PORTION);
        var rewrapped = new ArrayList<CardStore.Secret>();
        var left = new ArrayList<UUID>();
        for (var secret : secrets) {
            try {
                var sealed = vault.rewrap(secret.owner(), secret.sealed());
                rewrapped.add(new CardStore.Secret(secret.owner(), sealed));
            } catch (IllegalStateException e) {
                LOG.debugf(e, "card %s is left as it is", secret.owner().card());
                left.add(secret.owner().card());
            }
        }
        store.rewrapped(rewrapped);
        return new Portion(
                rewrapped.size(),
                left,
                secrets.isEmpty() ? null : secrets.get(secrets.size() - 1).owner().card());
    }
}
