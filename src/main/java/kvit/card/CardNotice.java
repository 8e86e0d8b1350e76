package kvit.card;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What its owner is told of a card. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record CardNotice(UUID cardId, @Nullable String reason) {}
