package kvit.topup;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/** What its owner is told of a top-up. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TopUpNotice(
        UUID topUpId,
        UUID cardId,
        Money amount,
        @Nullable Instant completedAt,
        @Nullable String declineCode) {}
