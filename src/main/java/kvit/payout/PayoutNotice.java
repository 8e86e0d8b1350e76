package kvit.payout;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import kvit.card.Speed;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/** What its owner is told of a payout; what is absent, this event does not say. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PayoutNotice(
        UUID payoutId,
        UUID cardId,
        Money amount,
        @Nullable Money fee,
        @Nullable Money feeReturned,
        @Nullable Speed speed,
        @Nullable Instant estimatedArrival,
        @Nullable String declineCode,
        @Nullable Instant at) {}
