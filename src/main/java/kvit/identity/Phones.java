package kvit.identity;

import static kvit.identity.IdentityProblem.PHONE_INVALID;
import static kvit.identity.IdentityProblem.PHONE_NOT_SERVED;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.Set;
import kvit.problem.Problem;

/** Reads phone numbers, by Google's libphonenumber. */
@ApplicationScoped
class Phones {

    /**
     * A number that could be dialled.
     *
     * @param e164 {@code +12025550100}
     * @param region ISO 3166-1 of the country it belongs to
     * @param prefix the calling code, {@code 1}
     */
    record Phone(String e164, String region, String prefix) {

        /**
         * The calling code and the last digits; as many dots for every number, so that they tell
         * nothing.
         */
        String masked() {
            var shown = Math.min(4, (e164.length() - 1 - prefix.length()) / 2);
            return "+" + prefix + "•••••••" + e164.substring(e164.length() - shown);
        }

        @Override
        public String toString() {
            return masked();
        }
    }

    /** Longer texts are no phone numbers, and parsing them would be work for nothing. */
    private static final int LENGTH_MAX = 40;

    private static final PhoneNumberUtil NUMBERS = PhoneNumberUtil.getInstance();
    private final Optional<Set<String>> served;

    Phones(IdentityConfig config) {
        this.served = config.regionsServed();
    }

    /**
     * A number in international form, however it is spaced.
     *
     * @throws Problem PHONE_INVALID
     */
    Phone parse(String text) {
        return find(text).orElseThrow(() -> PHONE_INVALID.because("Write it as +1 202 555 0100."));
    }

    /**
     * @throws Problem PHONE_INVALID, PHONE_NOT_SERVED
     */
    Phone parseServed(String text) {
        var phone = parse(text);
        if (!isServed(phone)) {
            throw PHONE_NOT_SERVED.because("No codes are sent to " + phone.region() + ".");
        }
        return phone;
    }

    boolean isServed(Phone phone) {
        return served.isEmpty() || served.get().contains(phone.region());
    }

    /**
     * For a number that was valid once: the plan of numbers changes, and nobody loses their
     * account.
     */
    String mask(String e164) {
        return known(e164).masked();
    }

    /** The same, for whoever has to reach it. */
    Phone known(String e164) {
        return find(e164).orElseGet(() -> unknown(e164));
    }

    /** A number that no plan knows any more. */
    static Phone unknown(String e164) {
        return new Phone(e164, "", "");
    }

    Optional<Phone> find(String text) {
        return read(text);
    }

    static Optional<Phone> read(String text) {
        if (text.length() > LENGTH_MAX || !text.strip().startsWith("+")) {
            return Optional.empty();
        }
        try {
            var number = NUMBERS.parse(text, null);
            var region = NUMBERS.getRegionCodeForNumber(number);
            // 001 stands for numbers of no country, such as satellite phones.
            if (!NUMBERS.isValidNumber(number) || region == null || region.length() != 2) {
                return Optional.empty();
            }
            return Optional.of(
                    new Phone(
                            NUMBERS.format(number, PhoneNumberFormat.E164),
                            region,
                            Integer.toString(number.getCountryCode())));
        } catch (NumberParseException e) {
            return Optional.empty();
        }
    }
}
