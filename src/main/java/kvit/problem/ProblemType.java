package kvit.problem;

import java.util.Locale;

/**
 * One kind of refusal. Each capability has an enum of its own, in order of precedence: of two
 * faults in one request the earlier constant is answered. Every constant is a section of
 * docs/problems.md.
 */
public interface ProblemType {

    /** The name of the enum constant. */
    String name();

    /** The HTTP status. */
    int status();

    /** One short sentence for people; the same for every occurrence. */
    String title();

    /** Whether the same request may succeed later with nothing else changed by its sender. */
    default boolean retryable() {
        return status() == 409 || status() == 429 || status() == 503;
    }

    /** The stable name that programs look at: {@code insufficient-funds}. */
    default String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * This refusal, with what its caller needs to know of the occurrence: no internals, no secrets.
     */
    default Problem because(String detail) {
        return new Problem(this, detail);
    }
}
