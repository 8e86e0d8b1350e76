package kvit.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How many events are read where there are more than are read at once. */
class EventLogTest {

    @Test
    void threeQuartersAreReadWhereAllCameInTheirOrder() {
        assertThat(cut(1, 2, 3, 4, 5, 6, 7, 8)).isEqualTo(6);
    }

    /** The fifth was stored before the fourth, so the two are read together. */
    @Test
    void nothingIsReadBeforeWhatWasStoredEarlier() {
        assertThat(cut(1, 2, 3, 5, 4, 6, 7, 8)).isEqualTo(6);
        assertThat(cut(1, 2, 3, 6, 4, 7, 5, 8)).isEqualTo(3);
        assertThat(cut(1, 2, 8, 3, 4, 5, 6, 7)).isEqualTo(2);
    }

    @Test
    void whereEverythingOverlapsAllOfItIsRead() {
        assertThat(cut(8, 1, 2, 3, 4, 5, 6, 7)).isEqualTo(8);
    }

    private static int cut(int... stored) {
        return EventLog.cut(IntStream.of(stored).mapToObj(EventLogTest::row).toList());
    }

    private static OutboxStore.Past row(int stored) {
        var id = new UUID(stored, 1);
        return new OutboxStore.Past(
                new OutboxStore.Place("1", id),
                new EventLog.Stored(id, "Rang", "{}", Instant.EPOCH));
    }
}
