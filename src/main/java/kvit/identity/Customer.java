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
        BLOCKED
    }

    @Id UUID id;
    String phone;
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
        return state != State.BLOCKED;
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
