package kvit.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeakPinsTest {

    private final WeakPins weakPins = new WeakPins();

    /** One of each rule and what is near to it; then those that head every list. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "000000", "777777", "121212", "909090", "123123", "407407", "111222", "112233",
                "770055", "123321", "911119", "588885", "555550", "055555", "555055", "012345",
                "123456", "234567", "456789", "890123", "987654", "543210", "109876", "135791",
                "246802", "864208", "147258", "258369", "369147", "159753", "753159", "789456",
                "147852", "963852", "741852", "456123", "198407", "071984", "203912", "122025",
                "199090", "901990", "102030", "314159", "007007", "520131", "131313", "101010",
                "666666", "888888", "159357", "142536", "112358", "696969", "654321", "999999"
            })
    void whatManyPeopleChooseIsWeak(String pin) {
        assertThat(WeakPins.isPopular(pin)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"738201", "590386", "184027", "605849", "271950", "940617"})
    void whatNothingSpeaksAgainstIsNot(String pin) {
        assertThat(weakPins.isWeak(pin, owner("+12025550143", LocalDate.of(1984, 7, 3)))).isFalse();
    }

    /** Many more than the hundred that are asked for, and too few to help whoever guesses. */
    @Test
    void weakAreSomeOfThousand() {
        assertThat(
                        IntStream.range(0, 1_000_000)
                                .mapToObj("%06d"::formatted)
                                .filter(WeakPins::isPopular)
                                .count())
                .isBetween(1_000L, 10_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"120255", "202555", "555014", "550143", "341055", "552021"})
    void aPieceOfOnesOwnPhoneNumberIsWeakInBothDirections(String pin) {
        assertThat(weakPins.isWeak(pin, owner("+12025550143", null))).isTrue();
        assertThat(weakPins.isWeak(pin, owner("+33612345678", null))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "030784", "070384", "840703", "840307", "371984", "731984", "198437", "198473",
                "031984", "198403", "071984", "198407", "487030", "038407", "078403"
            })
    void onesOwnBirthDateIsWeakHoweverItIsWritten(String pin) {
        assertThat(weakPins.isWeak(pin, owner("+33600000000", LocalDate.of(1984, 7, 3)))).isTrue();
        if (!WeakPins.isPopular(pin)) {
            var another = owner("+33600000000", LocalDate.of(1995, 12, 28));
            assertThat(weakPins.isWeak(pin, another)).isFalse();
        }
    }

    private static Pin owner(String phone, LocalDate birthDate) {
        return new Pin(new UUID(0, 1), phone, birthDate, null);
    }
}
