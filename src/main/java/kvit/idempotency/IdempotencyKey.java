package kvit.idempotency;

import static kvit.idempotency.KeyProblem.IDEMPOTENCY_KEY_INVALID;
import static kvit.idempotency.KeyProblem.IDEMPOTENCY_KEY_MISSING;

import java.util.regex.Pattern;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The name that a client gives to one intention, by the IETF's
 * draft-ietf-httpapi-idempotency-key-header: 1 to 255 printable ASCII characters. The quoted form
 * of RFC 8941 and the bare one are the same key.
 */
public record IdempotencyKey(String value) {

    public static final String HEADER = "Idempotency-Key";

    private static final Pattern PRINTABLE = Pattern.compile("[ -~]{1,255}");

    /** What may stand around a header's value: RFC 9110, section 5.6.3. */
    private static final Pattern AROUND = Pattern.compile("^[ \\t]+|[ \\t]+$");

    /** Inside quotes only quotes and backslashes are escaped: RFC 8941, section 3.3.3. */
    private static final Pattern QUOTED = Pattern.compile("\"((?:[ !#-\\[\\]-~]|\\\\[\"\\\\])*)\"");

    private static final int LENGTH_MAX = 255;

    /** Escaped characters and two quotes. */
    private static final int QUOTED_MAX = 2 * LENGTH_MAX + 2;

    private static final Pattern ESCAPE = Pattern.compile("\\\\([\"\\\\])");

    /**
     * Reads the header.
     *
     * @throws Problem IDEMPOTENCY_KEY_MISSING, IDEMPOTENCY_KEY_INVALID
     */
    public static IdempotencyKey parse(@Nullable String header) {
        if (header != null && isBare(header)) {
            return new IdempotencyKey(header);
        }
        var text = header == null ? "" : AROUND.matcher(header).replaceAll("");
        if (text.isEmpty()) {
            throw IDEMPOTENCY_KEY_MISSING.because(
                    "Send an Idempotency-Key header, such as a UUID, and the same one when you retry.");
        }
        // The pattern of the quoted form recurses, and a header may be longer than a stack is deep.
        if (text.length() > QUOTED_MAX) {
            throw invalid();
        }
        if (text.startsWith("\"")) {
            var quoted = QUOTED.matcher(text);
            if (!quoted.matches()) {
                throw invalid();
            }
            text = ESCAPE.matcher(quoted.group(1)).replaceAll("$1");
        }
        if (!PRINTABLE.matcher(text).matches()) {
            throw invalid();
        }
        return new IdempotencyKey(text);
    }

    /**
     * As nearly everybody writes it, and without a pattern, because it is on the way of everything.
     */
    private static boolean isBare(String header) {
        var length = header.length();
        if (length == 0 || length > LENGTH_MAX || header.charAt(0) == '"') {
            return false;
        }
        for (var i = 0; i < length; i++) {
            var character = header.charAt(i);
            if (character < '!' || character > '~') {
                return false;
            }
        }
        return true;
    }

    private static Problem invalid() {
        return IDEMPOTENCY_KEY_INVALID.because("A key is 1 to 255 printable ASCII characters.");
    }
}
