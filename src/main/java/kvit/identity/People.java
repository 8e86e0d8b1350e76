package kvit.identity;

import static kvit.identity.IdentityProblem.CUSTOMER_NOT_FOUND;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Finds customers for the other capabilities. */
@ApplicationScoped
public class People {

    private final Customers customers;
    private final PeopleStore store;
    private final Phones phones;

    People(Customers customers, PeopleStore store, Phones phones) {
        this.customers = customers;
        this.store = store;
        this.phones = phones;
    }

    /**
     * Whoever the references name, by one query. A reference that names nobody is missing, and so
     * is one that names somebody blocked: to others they are nobody.
     */
    public Map<PersonRef, Person> find(Collection<PersonRef> refs) {
        var ids = new HashMap<UUID, PersonRef>();
        var handles = new HashMap<String, Set<PersonRef>>();
        var numbers = new HashMap<String, Set<PersonRef>>();
        for (var ref : refs) {
            if (ref.customerId() != null) {
                ids.put(ref.customerId(), ref);
            }
            // One name is written in many ways, and each of them is a reference of its own.
            handle(ref).ifPresent(it -> named(handles, it).add(ref));
            e164(ref).ifPresent(it -> named(numbers, it).add(ref));
        }
        var people = new HashMap<PersonRef, Person>();
        for (var found : store.matching(ids.keySet(), handles.keySet(), numbers.keySet())) {
            if (!found.mayBeSeen()) {
                continue;
            }
            var person = found.person();
            var byId = ids.get(person.id());
            if (byId != null) {
                people.put(byId, person);
            }
            if (person.handle() != null) {
                handles.getOrDefault(person.handle(), Set.of())
                        .forEach(it -> people.put(it, person));
            }
            numbers.getOrDefault(found.phone(), Set.of()).forEach(it -> people.put(it, person));
        }
        return people;
    }

    private static Set<PersonRef> named(Map<String, Set<PersonRef>> names, String name) {
        return names.computeIfAbsent(name, it -> new HashSet<>());
    }

    /**
     * One who may be seen: blocked ones are nobody.
     *
     * @throws Problem CUSTOMER_NOT_FOUND
     */
    @Transactional
    public Person require(UUID id) {
        return customers
                .findByIdOptional(id)
                .filter(Customer::maySignIn)
                .map(Customer::person)
                .orElseThrow(() -> CUSTOMER_NOT_FOUND.because("No customer " + id + "."));
    }

    /**
     * Whoever has the phone that the reference names, where that is no customer's and a code could
     * be sent to it; empty for any other reference. Asks nobody: for those that were not found.
     */
    public Optional<Stranger> stranger(PersonRef ref) {
        return Optional.ofNullable(ref.phone())
                .flatMap(phones::find)
                .filter(phones::isServed)
                .map(it -> new Stranger(it.e164(), it.region()));
    }

    /** E.164; empty where there is no such customer. */
    public Optional<String> phoneOf(UUID customer) {
        return store.matching(List.of(customer), List.of(), List.of()).stream()
                .map(PeopleStore.Found::phone)
                .findFirst();
    }

    /** Whether this phone is a customer's, be it one that nobody may see. */
    public boolean isTaken(String phone) {
        return !store.matching(List.of(), List.of(), List.of(phone)).isEmpty();
    }

    /** Those with these ids, by one query. */
    public Map<UUID, Person> byIds(Collection<UUID> ids) {
        var people = new HashMap<UUID, Person>();
        store.matching(ids, List.of(), List.of())
                .forEach(it -> people.put(it.person().id(), it.person()));
        return people;
    }

    /** One person who may be seen: blocked ones are nobody. */
    @Nullable PersonView visible(PersonRef ref) {
        return customer(ref).filter(Customer::maySignIn).map(it -> it.person().view()).orElse(null);
    }

    private Optional<Customer> customer(PersonRef ref) {
        return ref.handle() != null
                ? handle(ref).flatMap(customers::byHandle)
                : e164(ref).flatMap(customers::byPhone);
    }

    private static Optional<String> handle(PersonRef ref) {
        return Optional.ofNullable(ref.handle()).flatMap(Handles::plain);
    }

    private Optional<String> e164(PersonRef ref) {
        return Optional.ofNullable(ref.phone()).flatMap(phones::find).map(Phones.Phone::e164);
    }
}
