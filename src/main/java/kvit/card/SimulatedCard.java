package kvit.card;

import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;

/** How a card behaves at the simulator. It is told by its reference, so no number is kept. */
public enum SimulatedCard {
    WORKS(""),
    PREPAID("5105105105105100"),
    CREDIT("378282246310005"),
    DECLINED("4000000000000002"),
    INSUFFICIENT_FUNDS("4000000000009995"),
    /** Each charge and payout happens, and the first call that asks for it hears nothing. */
    TIMES_OUT("4000000000000119"),
    CHARGED_BACK("4000000000000259"),
    /** What is paid out to it comes back. */
    RETURNED("4000000000004202");

    private static final String BEGINNING = "sim_";

    private final String number;

    SimulatedCard(String number) {
        this.number = number;
    }

    /** The behaviour of a number; all that are not known by name work. */
    static SimulatedCard of(CardNumber number) {
        return Arrays.stream(values())
                .filter(it -> it.number.equals(number.digits()))
                .findFirst()
                .orElse(WORKS);
    }

    /**
     * The behaviour that a reference tells.
     *
     * @throws IllegalStateException when another processor has made it
     */
    static SimulatedCard of(String reference) {
        return Arrays.stream(values())
                .filter(it -> reference.startsWith(it.prefix()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("not a simulated card: " + reference));
    }

    Funding funding() {
        return switch (this) {
            case PREPAID -> Funding.PREPAID;
            case CREDIT -> Funding.CREDIT;
            case WORKS, DECLINED, INSUFFICIENT_FUNDS, TIMES_OUT, CHARGED_BACK, RETURNED ->
                    Funding.DEBIT;
        };
    }

    /** The same card has the same reference, however often it is registered. */
    String reference(UUID card) {
        return prefix() + card.toString().replace("-", "");
    }

    private String prefix() {
        return BEGINNING + name().toLowerCase(Locale.ROOT).replace("_", "") + "_";
    }
}
