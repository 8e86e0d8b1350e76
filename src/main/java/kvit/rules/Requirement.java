package kvit.rules;

import java.util.Locale;

/** What a rule with the effect REQUIRE requires. */
enum Requirement {
    /** A code, asked for with each transfer: the transfer goes on and waits for it. */
    CONFIRMATION,
    /** Identity documents: who has shown them is allowed, who has not is refused until then. */
    VERIFICATION,
    /** A card of the payee's: their first payment waits until they have one. */
    CARD;

    /** As the member {@code required} of a refusal names it. */
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
