package kvit.dispute;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/** What the owner of a contested charge is told; what is absent, this event does not say. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DisputeNotice(
        UUID disputeId,
        @Nullable UUID cardId,
        @Nullable UUID topUpId,
        Money amount,
        @Nullable Money held,
        @Nullable Money taken,
        @Nullable Money creditReturned,
        Instant at) {}
