package kvit.idempotency;

import static kvit.idempotency.KeyProblem.IDEMPOTENCY_KEY_INVALID;
import static kvit.idempotency.KeyProblem.IDEMPOTENCY_KEY_MISSING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.stream.Stream;
import kvit.problem.Problem;
import kvit.problem.ProblemType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** I-02: 1 to 255 printable ASCII characters, bare or quoted as in RFC 8941. */
class IdempotencyKeyTest {

    static Stream<Arguments> keys() {
        return Stream.of(
                Arguments.of("k", "k"),
                Arguments.of(
                        "8e03978e-40d5-43e8-bc93-6894a57f9324",
                        "8e03978e-40d5-43e8-bc93-6894a57f9324"),
                Arguments.of("two words", "two words"),
                Arguments.of(" k ", "k"),
                Arguments.of("\tk\t", "k"),
                Arguments.of("!#$%&'()*+,-./:;<=>?@[]^_`{|}~", "!#$%&'()*+,-./:;<=>?@[]^_`{|}~"),
                Arguments.of("a\"b", "a\"b"),
                Arguments.of("a\\b", "a\\b"),
                Arguments.of("k".repeat(255), "k".repeat(255)),
                Arguments.of("\"k\"", "k"),
                Arguments.of(" \"k\" ", "k"),
                Arguments.of("\"two words\"", "two words"),
                Arguments.of("\" k \"", " k "),
                Arguments.of("\"a\\\"b\"", "a\"b"),
                Arguments.of("\"a\\\\b\"", "a\\b"),
                Arguments.of("\"\\\\\\\"\"", "\\\""),
                Arguments.of("\"" + "k".repeat(255) + "\"", "k".repeat(255)),
                Arguments.of("\"" + "\\\"".repeat(255) + "\"", "\"".repeat(255)));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void isReadBareOrQuoted(String header, String key) {
        assertThat(IdempotencyKey.parse(header).value()).isEqualTo(key);
    }

    @Test
    void isTheSameQuotedAsBare() {
        assertThat(IdempotencyKey.parse("\"a key\"")).isEqualTo(IdempotencyKey.parse("a key"));
    }

    @Test
    void isAnotherInAnotherCase() {
        assertThat(IdempotencyKey.parse("K")).isNotEqualTo(IdempotencyKey.parse("k"));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "   ", "\t"})
    void isMissingWhereNothingIsGiven(String header) {
        refused(header, IDEMPOTENCY_KEY_MISSING);
    }

    static Stream<String> invalid() {
        return Stream.of(
                "k".repeat(256),
                "\"" + "k".repeat(256) + "\"",
                "k".repeat(8_000),
                "\"" + "k".repeat(8_000) + "\"",
                "\"" + "\\\"".repeat(4_000) + "\"",
                "\"\"",
                "\"",
                "\"\"\"",
                "\"\"\"\"",
                "\"k",
                "\"k\"x",
                "\"k\"; a=1",
                "\"a\"b\"",
                "\"a\\b\"",
                "\"k\\\"",
                "\"k\" \"l\"",
                "a\rb",
                "a\nb",
                "a\r\nSet-Cookie: b",
                "k\r\n",
                "\r\nk",
                "\"a\nb\"",
                "a\u0000b",
                "\u0000",
                "k\u0000",
                "a\tb",
                "\"a\tb\"",
                "k\u001f",
                "\u001ck",
                "k\u007f",
                "ключ",
                "k\u00e9",
                "k\u00a0",
                "k\u3000",
                "🔑",
                "\"🔑\"",
                "\ud83d",
                "“k”");
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void isRefusedWhereItIsAnythingElse(String header) {
        refused(header, IDEMPOTENCY_KEY_INVALID);
    }

    private static void refused(String header, ProblemType type) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> IdempotencyKey.parse(header))
                .extracting(Problem::type)
                .isEqualTo(type);
    }
}
