package kvit.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Who is there for whom, of people who were looked up together. */
class SightTest {

    private static final UUID ANNA = new UUID(0, 1);
    private static final UUID BORIS = new UUID(0, 2);
    private static final UUID CARL = new UUID(0, 3);
    private static final PersonRef BY_HANDLE = new PersonRef(null, "boris", null);

    /** Anna has blocked Boris. */
    private final Sight sight =
            new Sight(
                    Map.of(
                            PersonRef.of(ANNA),
                            person(ANNA),
                            PersonRef.of(BORIS),
                            person(BORIS),
                            BY_HANDLE,
                            person(BORIS),
                            PersonRef.of(CARL),
                            person(CARL)),
                    Set.of(ANNA, BORIS),
                    Map.of(ANNA, Set.of(BORIS)));

    @Test
    void aBlockHidesEachFromTheOtherByWhateverName() {
        assertThat(sight.seenBy(ANNA, PersonRef.of(BORIS))).isNull();
        assertThat(sight.seenBy(ANNA, BY_HANDLE)).isNull();
        assertThat(sight.seenBy(BORIS, PersonRef.of(ANNA))).isNull();
    }

    @Test
    void itHidesNobodyElse() {
        assertThat(sight.seenBy(ANNA, PersonRef.of(CARL))).isEqualTo(person(CARL));
        assertThat(sight.seenBy(BORIS, PersonRef.of(CARL))).isEqualTo(person(CARL));
        assertThat(sight.seenBy(ANNA, PersonRef.of(ANNA))).isEqualTo(person(ANNA));
        assertThat(sight.person(BY_HANDLE)).isEqualTo(person(BORIS));
        assertThat(sight.seenBy(ANNA, PersonRef.of(new UUID(0, 4)))).isNull();
    }

    /** Whom they have blocked is not known then, and nobody is shown by mistake. */
    @Test
    void whoWasNotLookedUpHasNoSight() {
        assertThatThrownBy(() -> sight.seenBy(CARL, PersonRef.of(ANNA)))
                .isInstanceOf(IllegalStateException.class);
    }

    private static Person person(UUID id) {
        return new Person(
                id, null, null, "FR", null, "fr", Visibility.PRIVATE, CustomerTier.PHONE, true);
    }
}
