package kvit.sms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmsTest {

    @Test
    void itsStringTellsNeitherPhoneNorTextNorCode() {
        assertThat(new Sms("+33612345678", "Your code is 493817.", "493817"))
                .hasToString("Sms[phone=…78]");
    }

    @Test
    void itNeedNotHoldACode() {
        assertThat(new Sms("+33612345678", "Your PIN was changed.", null).code()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "+",
                "33612345678",
                "+0612345678",
                "+33 612345678",
                "+1234567890123456",
                "+33612345678\n"
            })
    void aPhoneOutsideE164IsRefusedWithoutBeingRepeated(String phone) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Sms(phone, "Hello", null))
                .withMessage("the phone of an SMS must be in E.164");
    }

    @Test
    void aBlankTextIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Sms("+33612345678", " ", null));
    }

    @Test
    void aCodeThatIsNotInTheTextIsRefusedWithoutBeingRepeated() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Sms("+33612345678", "Your code is 493817.", "111111"))
                .withMessage("the code of an SMS must be in its text");
    }
}
