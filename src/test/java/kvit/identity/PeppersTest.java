package kvit.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PeppersTest {

    private static final UUID ANNA = new UUID(0, 1);
    private static final UUID BORIS = new UUID(0, 2);
    private static final String OLD = base64("a pepper of at least 32 bytes, it is");
    private static final String NEW = base64("another pepper of 32 bytes or more..");

    private final Peppers peppers = peppers(Map.of("pin-pepper", OLD));

    @Test
    void eachPersonsPinIsAnotherOne() {
        var id = peppers.current();
        assertThat(peppers.peppered(id, ANNA, "738201"))
                .isEqualTo(peppers(Map.of("pin-pepper", OLD)).peppered(id, ANNA, "738201"))
                .isNotEqualTo(peppers.peppered(id, BORIS, "738201"))
                .isNotEqualTo(peppers.peppered(id, ANNA, "738202"))
                .doesNotContain("738201");
    }

    /** What is stored with it has to be readable by every later version. */
    @Test
    void theNameAndTheWorkOfAPepperStayWhatTheyAre() {
        assertThat(peppers.current()).isEqualTo("01ccddf8");
        assertThat(peppers.peppered(peppers.current(), ANNA, "738201"))
                .isEqualTo("yteSO8i8HT1xhKXYrF5uUw/b6GyEUiRt9S/HZLwtbhM=");
    }

    @Test
    void aRetiredPepperGoesOnBesideTheNewOne() {
        var both = peppers(Map.of("pin-pepper", NEW, "retired-pin-peppers", OLD));

        assertThat(both.current()).isNotEqualTo(peppers.current());
        assertThat(both.peppered(peppers.current(), ANNA, "738201"))
                .isEqualTo(peppers.peppered(peppers.current(), ANNA, "738201"));
    }

    @Test
    void aPepperThatIsGoneFitsNothing() {
        assertThat(peppers(Map.of("pin-pepper", NEW)).peppered(peppers.current(), ANNA, "738201"))
                .isNotEqualTo(peppers.peppered(peppers.current(), ANNA, "738201"));
    }

    @Test
    void whatIsNoPepperIsNamedAndNotQuoted() {
        assertThatThrownBy(() -> peppers(Map.of("pin-pepper", "p%pper")))
                .hasMessage("kvit.identity.pin-pepper is not base64")
                .hasNoCause();
    }

    private static Peppers peppers(Map<String, String> settings) {
        return new Peppers(TestConfig.identity(settings));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
