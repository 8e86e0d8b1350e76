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
import java.util.UUID;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Finds customers for the other capabilities. */
@ApplicationScoped
public class People {

    private final Customers customers;
    private final Phones phones;

    People(Customers customers, Phones phones) {
        this.customers = customers;
        this.phones = phones;
    }

    /**
     * Whoever the references name, by one query. A reference that names nobody is missing, and so
     * is one that names somebody blocked: to others they are nobody.
     */
    @Transactional
    public Map<PersonRef, Person> find(Collection<PersonRef> refs) {
        var ids = new HashSet<UUID>();
        var handles = new HashSet<String>();
        var numbers = new HashSet<String>();
        for (var ref : refs) {
            if (ref.customerId() != null) {
                ids.add(ref.customerId());
            }
            handle(ref).ifPresent(handles::add);
            e164(ref).ifPresent(numbers::add);
        }
        var found = customers.matching(ids, handles, numbers);
        var people = new HashMap<PersonRef, Person>();
        for (var ref : refs) {
            found.stream()
                    .filter(it -> it.maySignIn() && names(ref, it))
                    .findFirst()
                    .ifPresent(it -> people.put(ref, it.person()));
        }
        return people;
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

    /** Those with these ids, by one query. */
    @Transactional
    public Map<UUID, Person> byIds(Collection<UUID> ids) {
        var people = new HashMap<UUID, Person>();
        customers.matching(ids, List.of(), List.of()).forEach(it -> people.put(it.id, it.person()));
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

    private boolean names(PersonRef ref, Customer customer) {
        return customer.id.equals(ref.customerId())
                || handle(ref).filter(it -> it.equals(customer.handle)).isPresent()
                || e164(ref).filter(customer.phone::equals).isPresent();
    }

    private static Optional<String> handle(PersonRef ref) {
        return Optional.ofNullable(ref.handle()).flatMap(Handles::plain);
    }

    private Optional<String> e164(PersonRef ref) {
        return Optional.ofNullable(ref.phone()).flatMap(phones::find).map(Phones.Phone::e164);
    }
}
