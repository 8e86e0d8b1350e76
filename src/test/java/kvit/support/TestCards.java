package kvit.support;

import jakarta.inject.Singleton;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import kvit.identity.KnownCards;

/** Cards that only a test knows of. */
@Singleton
public class TestCards implements KnownCards {

    private final Set<String> active = ConcurrentHashMap.newKeySet();

    public void add(UUID customer, String last4) {
        active.add(customer + "/" + last4);
    }

    @Override
    public boolean hasActiveEndingWith(UUID customer, String last4) {
        return active.contains(customer + "/" + last4);
    }
}
