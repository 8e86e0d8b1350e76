package kvit.transfer;

import static kvit.identity.Visibility.FRIENDS;
import static kvit.identity.Visibility.PRIVATE;
import static kvit.identity.Visibility.PUBLIC;
import static org.assertj.core.api.Assertions.assertThat;

import kvit.identity.Visibility;
import org.junit.jupiter.api.Test;

/** What two people say of who may see a transfer of theirs. */
class WordsTest {

    @Test
    void whatHoldsIsTheStricterOfBothWhoeverSpeaksFirst() {
        for (var beginning : Visibility.values()) {
            for (var payers : Visibility.values()) {
                for (var payees : Visibility.values()) {
                    var begun = Words.beginning(beginning);
                    var one = begun.with(true, payers).with(false, payees);
                    var other = begun.with(false, payees).with(true, payers);
                    assertThat(one).isEqualTo(other);
                    assertThat(one.holds())
                            .isEqualTo(payers.ordinal() < payees.ordinal() ? payers : payees);
                }
            }
        }
    }

    @Test
    void oneOfTheTwoAloneHidesAndNeverShows() {
        for (var isPayer : new boolean[] {true, false}) {
            assertThat(Words.beginning(PRIVATE).with(isPayer, PUBLIC).holds()).isEqualTo(PRIVATE);
            assertThat(Words.beginning(FRIENDS).with(isPayer, PUBLIC).holds()).isEqualTo(FRIENDS);
            assertThat(Words.beginning(PUBLIC).with(isPayer, PRIVATE).holds()).isEqualTo(PRIVATE);
        }
    }
}
