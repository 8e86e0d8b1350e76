package kvit.sandbox;

import java.util.UUID;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * Something that the simulated processor settles.
 *
 * @param key what it is known by once it is settled
 * @param type the processor's word for it
 * @param reference our id; of a chargeback, that of the charge
 * @param external the processor's name
 * @param gross positive where the processor owes us more by it
 */
record SettlementItem(
        String key, String type, @Nullable UUID reference, String external, Money gross) {

    static final String CHARGE = "Settled";

    boolean isCharge() {
        return type.equals(CHARGE);
    }
}
