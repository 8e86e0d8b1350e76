package kvit.topup;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * What its owner sees of a top-up.
 *
 * @param completedAt since when the money is in the wallet; absent unless it is
 * @param declineCode why nothing was charged; absent unless it was declined
 */
record TopUpView(
        UUID id,
        TopUpState state,
        UUID cardId,
        Money amount,
        Instant createdAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant completedAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String declineCode) {

    static TopUpView of(TopUp topUp) {
        return new TopUpView(
                topUp.id(),
                topUp.state(),
                topUp.card(),
                topUp.amount(),
                topUp.createdAt(),
                topUp.completedAt(),
                topUp.declineCode());
    }
}
