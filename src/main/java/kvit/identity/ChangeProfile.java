package kvit.identity;

import static kvit.identity.IdentityProblem.HANDLE_TAKEN;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import jakarta.validation.constraints.Pattern;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.source.Clock;
import org.hibernate.exception.ConstraintViolationException;
import org.jspecify.annotations.Nullable;

/** Changes what a customer says of themselves. */
@ApplicationScoped
class ChangeProfile {

    /**
     * No controls, halves of characters, line ends; nothing that is invisible or turns the text
     * around, with which one name passes for another. Joiners stay: families of emoji need them.
     */
    static final String SHOWABLE =
            "[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\x{200B}\\x{202A}-\\x{202E}\\x{2066}-\\x{2069}\\x{FEFF}]";

    /** What is absent stays. */
    record Change(
            @Nullable @Pattern(regexp = SHOWABLE + "{1,50}") String displayName,
            @Nullable @Pattern(regexp = Handles.FORM) String handle,
            @Nullable @Pattern(regexp = "[A-Z]{2}") String country,
            @Nullable LocalDate birthDate,
            @Nullable @Pattern(regexp = Locales.TAG) String locale,
            @Nullable Visibility visibility,
            @Nullable Boolean findable) {}

    /** Names that would pass for ours. */
    private static final Set<String> RESERVED =
            Set.of(
                    "admin",
                    "administrator",
                    "help",
                    "kvit",
                    "moderator",
                    "operator",
                    "root",
                    "support");

    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    /** Nobody older is alive. */
    private static final LocalDate BIRTH_MIN = LocalDate.of(1900, 1, 1);

    private final Customers customers;
    private final Pins pins;
    private final Phones phones;
    private final Clock clock;

    ChangeProfile(Customers customers, Pins pins, Phones phones, Clock clock) {
        this.customers = customers;
        this.pins = pins;
        this.phones = phones;
        this.clock = clock;
    }

    /**
     * @throws Problem VALIDATION_FAILED, HANDLE_TAKEN
     */
    @Transactional
    CustomerView change(UUID id, Change change) {
        requireSensible(change);
        var customer = customers.findById(id, LockModeType.PESSIMISTIC_WRITE);
        if (change.displayName() != null) {
            customer.displayName = change.displayName().strip();
        }
        forgetDocuments(customer, change);
        if (change.country() != null) {
            customer.country = change.country();
        }
        if (change.birthDate() != null) {
            customer.birthDate = change.birthDate();
        }
        if (change.locale() != null) {
            customer.locale = change.locale();
        }
        if (change.visibility() != null) {
            customer.visibility = change.visibility();
        }
        if (change.findable() != null) {
            customer.findable = change.findable();
        }
        if (change.handle() != null) {
            Handles.plain(change.handle()).ifPresent(it -> take(it, customer));
        }
        return CustomerView.withPin(customer, phones, pins.isSet(id));
    }

    /** They were of somebody of that age in that country; whoever is another shows them anew. */
    private static void forgetDocuments(Customer customer, Change change) {
        var isElsewhere = change.country() != null && !change.country().equals(customer.country);
        var isOlder = change.birthDate() != null && !change.birthDate().equals(customer.birthDate);
        if (isElsewhere || isOlder) {
            customer.tier = CustomerTier.PHONE;
        }
    }

    private void requireSensible(Change change) {
        if (change.displayName() != null && change.displayName().isBlank()) {
            throw GeneralProblem.invalid("/displayName", "must not be blank");
        }
        if (change.country() != null && !COUNTRIES.contains(change.country())) {
            throw GeneralProblem.invalid("/country", "must be an ISO 3166-1 code");
        }
        var birthDate = change.birthDate();
        if (birthDate != null
                && (birthDate.isBefore(BIRTH_MIN)
                        || !birthDate.isBefore(
                                LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC)))) {
            throw GeneralProblem.invalid("/birthDate", "must be a day of somebody alive");
        }
    }

    /** The database has the last word: two people may want one handle at the same moment. */
    private void take(String handle, Customer customer) {
        if (RESERVED.contains(handle)) {
            throw taken(handle);
        }
        customer.handle = handle;
        try {
            customers.flush();
        } catch (ConstraintViolationException e) {
            throw taken(handle);
        }
    }

    private static Problem taken(String handle) {
        return HANDLE_TAKEN.because("@" + handle + " is somebody else's.");
    }
}
