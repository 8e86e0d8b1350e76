package kvit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Optional;
import java.util.UUID;
import kvit.problem.Problem;

/** Finds customers for operators: blocked ones, too, and under none but the exact name. */
@ApplicationScoped
public class CustomerFiles {

    private final Customers customers;
    private final Sessions sessions;
    private final PinStore pins;
    private final Phones phones;

    CustomerFiles(Customers customers, Sessions sessions, PinStore pins, Phones phones) {
        this.customers = customers;
        this.sessions = sessions;
        this.pins = pins;
        this.phones = phones;
    }

    /**
     * Whoever signs in with that number, however it is spaced.
     *
     * @throws Problem PHONE_INVALID
     */
    @Transactional
    public Optional<CustomerFile> byPhone(String phone) {
        return customers.byPhone(phones.parse(phone).e164()).map(this::file);
    }

    /**
     * As it is kept, E.164, whosever it is.
     *
     * @throws Problem PHONE_INVALID
     */
    public String number(String phone) {
        return phones.parse(phone).e164();
    }

    /** With or without the sign before it, in any case. */
    @Transactional
    public Optional<CustomerFile> byHandle(String handle) {
        return Handles.plain(handle).flatMap(customers::byHandle).map(this::file);
    }

    @Transactional
    public Optional<CustomerFile> byId(UUID id) {
        return customers.findByIdOptional(id).map(this::file);
    }

    /**
     * The one with this id.
     *
     * @throws Problem CUSTOMER_NOT_FOUND
     */
    @Transactional
    public CustomerFile require(UUID id) {
        return byId(id).orElseThrow(() -> FreezeCustomer.notFound(id));
    }

    private CustomerFile file(Customer customer) {
        var pin = pins.find(customer.id).stored();
        return new CustomerFile(
                customer.id,
                CustomerFile.State.valueOf(customer.state.name()),
                customer.phone == null ? null : phones.mask(customer.phone),
                customer.displayName,
                customer.handle,
                customer.country,
                customer.birthDate,
                customer.locale,
                customer.tier,
                customer.createdAt,
                customer.frozenAt,
                pin != null,
                pin == null ? null : pin.payoutsHeldUntil(),
                sessions.living(customer.id).stream()
                        .map(
                                it ->
                                        new CustomerFile.Device(
                                                it.id,
                                                it.device,
                                                it.client,
                                                it.createdAt,
                                                it.lastUsedAt))
                        .toList());
    }
}
