package kvit.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quarkus.runtime.configuration.MemorySize;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.time.InstantSource;
import kvit.source.Clock;
import org.junit.jupiter.api.Test;

/** What nobody could reconcile is not taken. */
class LinesMaxTest {

    private static CheckFile upTo(int max) {
        var config =
                new SettlementConfig() {
                    @Override
                    public MemorySize fileMax() {
                        return new MemorySize(BigInteger.TEN);
                    }

                    @Override
                    public int linesMax() {
                        return max;
                    }
                };
        return new CheckFile(null, null, null, config, at());
    }

    private static Clock at() {
        return new Clock(InstantSource.fixed(Instant.parse("2026-11-22T12:00:00Z")));
    }

    @Test
    void aFileOfMoreLinesThanOneRunTakesIsRefused() throws IOException {
        var bytes = Samples.utf8(Samples.BATCH_42);
        var source = Samples.processor(Samples.profile(), null);
        assertThat(upTo(8).read(source, new ByteArrayInputStream(bytes), line -> {}).lineCount())
                .isEqualTo(8);
        var refusal =
                catchThrowableOfType(
                        FileRefused.class,
                        () -> upTo(7).read(source, new ByteArrayInputStream(bytes), line -> {}));
        assertThat(refusal.errors().get(0).message()).isEqualTo("has more than 7 lines");
    }
}
