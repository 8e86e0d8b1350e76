package kvit.identity;

import java.util.UUID;

/**
 * Whoever has a phone that is no customer's: what is known of them is what the number tells.
 *
 * @param phone E.164
 * @param country ISO 3166-1 of the country that the number belongs to
 */
public record Stranger(String phone, String country) {

    /** In place of an id, where one is asked for. Nobody has it. */
    public static final UUID NOBODY = new UUID(0, 0);

    /** As others know a customer: somebody of that country, who has shown us nothing. */
    public Person person() {
        return new Person(
                NOBODY,
                null,
                null,
                country,
                null,
                EnrolCustomer.LOCALE,
                Visibility.PRIVATE,
                CustomerTier.PHONE,
                true);
    }

    /** A number as everybody may see it who knows what it is about. */
    public static String masked(String phone) {
        return Phones.read(phone).orElseGet(() -> Phones.unknown(phone)).masked();
    }
}
