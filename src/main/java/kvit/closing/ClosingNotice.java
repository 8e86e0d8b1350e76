package kvit.closing;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What somebody is told of the closing of their account; what is absent, this event does not say.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ClosingNotice(@Nullable Instant closesAfter, @Nullable Instant closedAt) {}
