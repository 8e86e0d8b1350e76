package kvit.topup;

import com.fasterxml.jackson.annotation.JsonInclude;

import kvit.money.Money;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.UUID;

/** What its owner is told of a top-up. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TopUpNotice(
        UUID topUpId,
        UUID cardId,
        Money amount,
        @Nullable Instant completedAt,
        @Nullable String declineCode) {}
