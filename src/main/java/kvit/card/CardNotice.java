package kvit.card;

import com.fasterxml.jackson.annotation.JsonInclude;

import org.jspecify.annotations.Nullable;

import java.util.UUID;

/** What its owner is told of a card. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record CardNotice(UUID cardId, @Nullable String reason) {}
