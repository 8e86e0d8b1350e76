package kvit.card;

import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;

/**
 * Something that the processor is to do with money, exactly as it was intended and stored. The same
 * operation is sent, sent again and asked about; what differs under one id is refused.
 */
public sealed interface Operation {

    /** Ours, and the processor's idempotency key. A new id is a new operation, and new money. */
    UUID id();

    /** When it was first intended, before anything was sent. */
    Instant since();

    /** How much; more than nothing. */
    Money amount();

    /**
     * Takes money from a card: authorised and captured at once.
     *
     * @param card the reference of the card
     */
    record Charge(UUID id, Instant since, String card, Money amount) implements Operation {
        public Charge {
            insistOnMoney(amount);
        }
    }

    /**
     * Pays out to a card.
     *
     * @param card the reference of the card
     */
    record Push(UUID id, Instant since, String card, Money amount, Speed speed)
            implements Operation {
        public Push {
            insistOnMoney(amount);
        }
    }

    /**
     * Gives a charge back, or part of it.
     *
     * @param charge the processor's name of the charge, from {@link Result.Done}
     */
    record Refund(UUID id, Instant since, String charge, Money amount) implements Operation {
        public Refund {
            insistOnMoney(amount);
        }
    }

    private static void insistOnMoney(Money amount) {
        if (!amount.isPositive()) {
            throw new IllegalArgumentException("no money: " + amount);
        }
    }
}
