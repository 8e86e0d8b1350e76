package kvit.closing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClosingStateTest {

    private static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "CLOSING, false, true, false, true",
        "CLOSED, false, false, true, false",
        "OWED, false, true, false, false",
        "WITHDRAWN, false, false, false, false"
    })
    void becomesWhatItMay(
            ClosingState state, boolean closing, boolean closed, boolean owed, boolean withdrawn) {
        assertThat(state.mayBecome(ClosingState.CLOSING)).isEqualTo(closing);
        assertThat(state.mayBecome(ClosingState.CLOSED)).isEqualTo(closed);
        assertThat(state.mayBecome(ClosingState.OWED)).isEqualTo(owed);
        assertThat(state.mayBecome(ClosingState.WITHDRAWN)).isEqualTo(withdrawn);
    }

    @Test
    void oneThatIsClosedIsNotWithdrawn() {
        var closed =
                Closing.asked(UUID.randomUUID(), UUID.randomUUID(), NOW, NOW.plusSeconds(60))
                        .closed(NOW.plusSeconds(60));

        assertThatThrownBy(() -> closed.withdrawn(NOW)).isInstanceOf(IllegalStateException.class);
        assertThat(closed.owed().settled()).isEqualTo(closed);
    }

    @Test
    void isNeverClosedBeforeWhatWasOnItsWayHasArrived() {
        assertThat(CarryOutClosings.atLeast(Duration.ZERO)).isEqualTo(CarryOutClosings.ARRIVES);
        assertThat(CarryOutClosings.atLeast(Duration.ofHours(1))).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void columnsAreNamedAsEverywhere() {
        assertThat(PersonalJson.camel("own_locked_until")).isEqualTo("ownLockedUntil");
        assertThat(PersonalJson.camel("id")).isEqualTo("id");
    }
}
