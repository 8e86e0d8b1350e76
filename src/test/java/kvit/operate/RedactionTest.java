package kvit.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written for ever has nothing in it that somebody may have to take out again. */
class RedactionTest {

    private final ObjectMapper json = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'password':'horse'}",
                "{'client_secret':'horse'}",
                "{'deep':[{'accessToken':'horse'}]}",
                "{'pin':'horse'}",
                "{'PIN':'horse'}",
                "{'phone':'horse'}",
                "{'Birth-Date':'horse'}",
                "{'iban':'horse'}",
                "{'invitation':{'half':'horse'}}",
                "{'note':'call +33612horse345678 or +33612345678'}"
            })
    void secretsAndPeoplesNumbersAreLeftOut(String text) throws JsonProcessingException {
        var redacted = of(text);
        assertThat(redacted).contains(Redaction.LEFT_OUT).doesNotContain("+33612345678");
        if (!text.contains("note")) {
            assertThat(redacted).doesNotContain("horse");
        }
    }

    @Test
    void aCardIsLeftOutWhereverItStandsAndOtherLongNumbersAreNot() throws JsonProcessingException {
        var card = "4111" + "1111".repeat(3);
        for (var text :
                new String[] {
                    "{'x':'" + card + "'}",
                    "{'x':" + card + "}",
                    "['see 4111-1111-" + "1111-1111, please']",
                    "['4111 1111 " + "1111 1111']"
                }) {
            assertThat(of(text)).contains(Redaction.LEFT_OUT).doesNotContain("1111");
        }
        assertThat(of("{'x':'4111" + "1111".repeat(2) + "1112','y':1764000000000123}"))
                .doesNotContain(Redaction.LEFT_OUT);
    }

    /** Of those with a group of digits alone one in ten looks like the number of a card. */
    @Test
    void anIdIsNoCard() {
        var id = "0190f4a2-7c1d-7a3e-8111-111111111111";
        for (var last = 0; last < 10; last++) {
            var text = id.substring(0, 35) + last;
            assertThat(Redaction.text(text)).isEqualTo(text);
            assertThat(Redaction.text("of " + text + ".")).isEqualTo("of " + text + ".");
        }
        assertThat(Redaction.text(id + " 4111 1111 " + "1111 1111")).isEqualTo(id + " [left out]");
    }

    @Test
    void whatIsNoneStays() throws JsonProcessingException {
        var text =
                "{'code':'DE','roles':['admin'],'state':'active','secret':null,'hasPin':true,"
                        + "'token':false,'minor':100,'email':'a@b'}";
        assertThat(of(text)).isEqualTo(text.replace('\'', '"'));
    }

    private String of(String text) throws JsonProcessingException {
        return Redaction.of(json.readTree(text.replace('\'', '"'))).toString();
    }
}
