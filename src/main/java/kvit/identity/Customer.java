package kvit.identity;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A person with a phone. */
@Entity
class Customer {

    enum State {
        ACTIVE,
        /** Signs in and looks, but moves no money. */
        FROZEN,
        /** Does not sign in. */
        BLOCKED,
        /** Signs in and has their money paid out; nobody finds them. */
        CLOSING,
        /** Was a customer: an id that the books name. */
        CLOSED
    }

    /** What others see in the place of one who has left. */
    static final String CLOSED_NAME = "Closed account";

    @Id UUID id;

    /** Null of one who is closed, and of nobody else. */
    @Nullable String phone;

    @Nullable String displayName;
    @Nullable String handle;
    String country;
    @Nullable LocalDate birthDate;
    String locale;

    @Enumerated(EnumType.STRING)
    Visibility visibility;

    @Enumerated(EnumType.STRING)
    State state;

    @Enumerated(EnumType.STRING)
    CustomerTier tier;

    /** Whether they are found by whose address book has their number. */
    boolean findable;

    Instant createdAt;

    /** When last; of one who is not frozen any more, when that was. */
    @Nullable Instant frozenAt;

    boolean maySignIn() {
        return state != State.BLOCKED && state != State.CLOSED;
    }

    boolean mayBeSeen() {
        return mayBeSeen(state);
    }

    static boolean mayBeSeen(State state) {
        return state == State.ACTIVE || state == State.FROZEN;
    }

    Person person() {
        return new Person(
                id,
                displayName,
                handle,
                country,
                birthDate,
                locale,
                visibility,
                tier,
                state == State.ACTIVE);
    }
}
