package kvit.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import kvit.money.Currency;
import org.junit.jupiter.api.Test;

/** How far amounts may differ and still be the same. */
class RuleTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Rule rule =
            new Rule("x", Rule.By.REFERENCE, 10, 10_000, 5, Map.of(Currency.JPY, 1L));

    @Test
    void tenOfOneMinorUnitAreNotTenOfAnother() {
        assertThat(rule.of(Currency.EUR).tolerates(1_000, 1_010)).isTrue();
        assertThat(rule.of(Currency.JPY).tolerates(1_000, 1_002)).isFalse();
        assertThat(rule.of(Currency.JPY).tolerates(1_000, 1_001)).isTrue();
    }

    /** Versions of before are read by every run. */
    @Test
    void aRuleIsReadAsItWasWrittenAndWithoutWhatItDidNotHave() throws JsonProcessingException {
        assertThat(JSON.readValue(JSON.writeValueAsString(rule), Rule.class)).isEqualTo(rule);
        var old = "{'name':'x','by':'FEE','toleranceMinor':3,'toleranceBp':0,'windowDays':7}";
        assertThat(JSON.readValue(old.replace('\'', '"'), Rule.class))
                .isEqualTo(new Rule("x", Rule.By.FEE, 3, 0, 7));
    }
}
