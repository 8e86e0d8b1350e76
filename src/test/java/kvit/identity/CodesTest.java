package kvit.identity;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.inject.Inject;
import java.util.UUID;
import kvit.support.KvitTest;
import org.junit.jupiter.api.Test;

@KvitTest
class CodesTest {

    private static final int DRAWN = 100_000;

    /** Of the χ² distribution with 9 degrees of freedom: passed once in ten million. */
    private static final double CHI_SQUARE_MAX = 49.9;

    @Inject Codes codes;

    @Test
    void everyDigitIsAsLikelyAsAnyOtherInEveryPlace() {
        var counts = new int[6][10];
        for (var i = 0; i < DRAWN; i++) {
            var code = codes.next();
            assertThat(code).hasSize(6);
            for (var place = 0; place < 6; place++) {
                counts[place][code.charAt(place) - '0']++;
            }
        }

        for (var place = 0; place < 6; place++) {
            assertThat(chiSquare(counts[place])).as("place " + place).isLessThan(CHI_SQUARE_MAX);
        }
    }

    @Test
    void aCodeSaysNothingOfTheNext() {
        var pairs = new int[10];
        var last = codes.next();
        for (var i = 0; i < DRAWN; i++) {
            var next = codes.next();
            pairs[(next.charAt(5) - last.charAt(5) + 10) % 10]++;
            last = next;
        }

        assertThat(chiSquare(pairs)).isLessThan(CHI_SQUARE_MAX);
    }

    @Test
    void theProofOfACodeIsBoundToWhatItIsFor() {
        var one = UUID.randomUUID();
        var other = UUID.randomUUID();

        assertThat(codes.mac(one, "123456")).hasSize(32).isEqualTo(codes.mac(one, "123456"));
        assertThat(codes.mac(one, "123456")).isNotEqualTo(codes.mac(other, "123456"));
        assertThat(codes.mac(one, "123456")).isNotEqualTo(codes.mac(one, "123457"));
    }

    @Test
    void onlyTheRightCodeForTheRightPurposeMatches() {
        var purpose = UUID.randomUUID();
        var mac = codes.mac(purpose, "123456");

        assertThat(codes.matches(purpose, "123456", mac)).isTrue();
        assertThat(codes.matches(purpose, "654321", mac)).isFalse();
        assertThat(codes.matches(UUID.randomUUID(), "123456", mac)).isFalse();
    }

    @Test
    void withoutAProofNothingMatches() {
        assertThat(codes.matches(UUID.randomUUID(), "123456", null)).isFalse();
        assertThat(codes.matches(UUID.randomUUID(), "123456", new byte[0])).isFalse();
    }

    private static double chiSquare(int[] counts) {
        var expected = DRAWN / 10.0;
        var sum = 0.0;
        for (var count : counts) {
            sum += (count - expected) * (count - expected) / expected;
        }
        return sum;
    }
}
