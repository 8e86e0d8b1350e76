package kvit.reconcile;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.UUID;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.reconcile.Explanations.PayoutLine;
import kvit.reconcile.Explanations.Said;
import org.jspecify.annotations.Nullable;

/**
 * What two say belongs together: once it is, nothing of it is open any more.
 *
 * @param breaks whose money sits in suspense; one that says what is missing stands for that
 * @param items of ours that are still expected
 * @param payouts of the processor that the bank has not shown
 * @param recovered breaks that were written off because they were missing, and have come after all
 * @param rest what is left, and where it goes; null where nothing is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Together(
        Currency currency,
        List<UUID> breaks,
        List<UUID> items,
        List<PayoutLine> payouts,
        List<UUID> recovered,
        @Nullable Rest rest) {

    /** Whose the rest is. */
    enum RestTo {
        /** A customer's: paid into the wallet, or taken from it as far as it is there. */
        @JsonProperty("wallet")
        WALLET,
        /** Ours to bear; never ours to keep. */
        @JsonProperty("losses")
        LOSSES
    }

    /**
     * What is left when all that belongs together is put together.
     *
     * @param customerId of {@link RestTo#WALLET}
     * @param amount positive where it is paid in, negative where it is taken or borne
     * @param refusal the processor's own word that what is taken for will not come, where somebody
     *     has it; null where nobody has
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Rest(RestTo to, @Nullable UUID customerId, Money amount, @Nullable String refusal) {}

    Together leaving(@Nullable Rest itsRest) {
        return new Together(currency, breaks, items, payouts, recovered, itsRest);
    }

    Said said() {
        return new Said(items, payouts);
    }
}
