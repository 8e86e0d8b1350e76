package kvit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Optional;
import java.util.UUID;
import kvit.identity.Phones.Phone;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Ids;
import org.jspecify.annotations.Nullable;

/** Makes a customer of a phone whose owner has been proven, once. */
@ApplicationScoped
public class EnrolCustomer {

    /** The customer, and whether this made them one. */
    record Enrolled(Customer customer, boolean isNew) {}

    static final String LOCALE = "en";

    private final Customers customers;
    private final FormerCustomers former;
    private final Phones phones;
    private final Clock clock;
    private final Ids ids;

    EnrolCustomer(
            Customers customers, FormerCustomers former, Phones phones, Clock clock, Ids ids) {
        this.customers = customers;
        this.former = former;
        this.phones = phones;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * For people who are seeded and not signed in. Does nothing to somebody who is a customer, and
     * gives no handle that somebody has.
     *
     * @return the new customer's id; empty when there was one
     * @throws Problem PHONE_INVALID
     */
    @Transactional
    public Optional<UUID> enrol(String phone, String displayName, String handle) {
        var enrolled = enrol(phones.parse(phone), null);
        if (!enrolled.isNew()) {
            return Optional.empty();
        }
        enrolled.customer().displayName = displayName;
        if (customers.byHandle(handle).isEmpty() && !former.rests(handle)) {
            enrolled.customer().handle = handle;
        }
        return Optional.of(enrolled.customer().id);
    }

    /**
     * Of one who closes their account in this moment the phone is free, and somebody new has it.
     */
    @Transactional
    Enrolled enrol(Phone phone, @Nullable String locale) {
        var isNew =
                customers.insertIfNew(
                        ids.next(), phone, locale == null ? LOCALE : locale, clock.instant());
        return customers
                .keepByPhone(phone.e164())
                .map(it -> new Enrolled(it, isNew))
                .orElseGet(() -> enrol(phone, locale));
    }
}
