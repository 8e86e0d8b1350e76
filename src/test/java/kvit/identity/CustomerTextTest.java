package kvit.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everybody is told in a language that we speak. */
class CustomerTextTest {

    private final CustomerText text = new CustomerText("%s back", "%s de retour", "%s снова");

    @ParameterizedTest
    @CsvSource({
        "en, 1 back",
        "en-GB, 1 back",
        "fr, 1 de retour",
        "fr-CA, 1 de retour",
        "ru-BY, 1 снова",
        "de-AT, 1 back",
        "'', 1 back"
    })
    void isInTheLanguageOfTheLocale(String locale, String expected) {
        assertThat(text.in(locale, 1)).isEqualTo(expected);
    }
}
