package kvit.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import kvit.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhonesTest {

    private final Phones phones = new Phones(TestConfig.identity(Map.of()));

    @ParameterizedTest
    @CsvSource({
        "+1 202 555 0100, +12025550100, US, 1, +1•••••••0100",
        "+33 6 12 34 56 78, +33612345678, FR, 33, +33•••••••5678",
        "+7 (912) 345-67-89, +79123456789, RU, 7, +7•••••••6789",
        "+7 701 234 5678, +77012345678, KZ, 7, +7•••••••5678",
        "+971501234567, +971501234567, AE, 971, +971•••••••4567",
        // Short numbers of small countries: half of the digits at most are shown.
        "+290 51234, +29051234, SH, 290, +290•••••••34",
        "+683 4567, +6834567, NU, 683, +683•••••••67"
    })
    void aPhoneHasOneFormARegionAPrefixAndAMask(
            String text, String e164, String region, String prefix, String mask) {
        var phone = phones.parse(text);

        assertThat(phone).isEqualTo(new Phones.Phone(e164, region, prefix));
        assertThat(phone.masked()).isEqualTo(mask);
        assertThat(phone).hasToString(mask);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "+",
                "0612345678",
                "0033612345678",
                "33612345678",
                "+33",
                "+3361234567",
                "+336123456789",
                "+800 1234 5678",
                "+870 773 111 632",
                "+999 12345678",
                "hello",
                "+33 6 12 34 56 78 000000000000000000000000000000"
            })
    void whatCannotBeDialledFromAbroadIsNoPhone(String text) {
        assertThat(phones.find(text)).isEmpty();
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> phones.parse(text))
                .matches(it -> it.type() == IdentityProblem.PHONE_INVALID);
    }

    @Test
    void withoutAListEveryCountryIsServed() {
        assertThat(phones.parseServed("+33612345678").region()).isEqualTo("FR");
    }

    @Test
    void aCountryThatIsNotOnTheListIsNotServed() {
        var few = new Phones(TestConfig.identity(Map.of("regions-served", "FR,CH")));

        assertThat(few.parseServed("+33612345678").region()).isEqualTo("FR");
        assertThat(few.parseServed("+41791234567").region()).isEqualTo("CH");
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> few.parseServed("+12025550100"))
                .matches(it -> it.type() == IdentityProblem.PHONE_NOT_SERVED);
        // Somebody who is a customer already is still found.
        assertThat(few.find("+12025550100")).isPresent();
    }
}
