package kvit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.UUID;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.throttle.RateLimits;
import kvit.throttle.RateLimits.Limit;

/**
 * Tells who of an address book is a customer. A hash of a phone hides nothing from whoever can try
 * all numbers there are, and so neither from us: what keeps an address book its owner's is that
 * nothing of it is stored, and what keeps people from being listed is the limit.
 */
@ApplicationScoped
class FindContacts {

    private static final Duration DAY = Duration.ofDays(1);

    record Contact(String hash, PersonView person) {}

    /**
     * @param items those who are here; of the others nothing is said
     */
    record Contacts(List<Contact> items) {}

    private final PeopleStore store;
    private final RateLimits limits;
    private final Limit limit;

    FindContacts(PeopleStore store, RateLimits limits, IdentityConfig config) {
        this.store = store;
        this.limits = limits;
        this.limit = new Limit(config.contactsPerDay(), DAY);
    }

    /**
     * @throws Problem TOO_MANY_REQUESTS, with nobody found
     */
    Contacts find(UUID viewer, Collection<String> hashes) {
        var asked = new LinkedHashSet<>(hashes);
        limits.take("contacts:" + viewer, asked.size(), limit)
                .ifPresent(
                        wait -> {
                            throw GeneralProblem.TOO_MANY_REQUESTS
                                    .because("You have asked about very many numbers today.")
                                    .retryAfter(wait);
                        });
        return new Contacts(
                store.byHashes(viewer, asked).entrySet().stream()
                        .map(it -> new Contact(it.getKey(), it.getValue()))
                        .toList());
    }
}
