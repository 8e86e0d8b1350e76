package kvit.identity;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a customer sees of themselves. The phone is masked here too: it is what a stolen token is
 * after.
 *
 * @param findable whether whoever has the number in their address book is told that they are here
 * @param pinSet whether there is a PIN; absent in the answers to signing in
 * @param isNew whether this sign-in made them a customer; absent elsewhere
 */
record CustomerView(
        UUID id,
        String phone,
        @Nullable String displayName,
        @Nullable String handle,
        String country,
        @Nullable LocalDate birthDate,
        String locale,
        Visibility visibility,
        boolean findable,
        CustomerTier tier,
        Instant createdAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean pinSet,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean isNew) {

    static CustomerView of(Customer customer, Phones phones) {
        return of(customer, phones, null, null);
    }

    static CustomerView withPin(Customer customer, Phones phones, boolean pinSet) {
        return of(customer, phones, pinSet, null);
    }

    static CustomerView signedIn(Customer customer, Phones phones, boolean isNew) {
        return of(customer, phones, null, isNew);
    }

    private static CustomerView of(
            Customer customer, Phones phones, @Nullable Boolean pinSet, @Nullable Boolean isNew) {
        return new CustomerView(
                customer.id,
                // Closed a moment ago, and another replica has not heard of it yet.
                customer.phone == null ? "" : phones.mask(customer.phone),
                customer.displayName,
                customer.handle,
                customer.country,
                customer.birthDate,
                customer.locale,
                customer.visibility,
                customer.findable,
                customer.tier,
                customer.createdAt,
                pinSet,
                isNew);
    }
}
