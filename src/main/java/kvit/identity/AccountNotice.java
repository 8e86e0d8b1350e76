package kvit.identity;

import com.fasterxml.jackson.annotation.JsonInclude;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/** What somebody is told of their account; what is absent, this event does not say. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record AccountNotice(@Nullable Instant payoutsHeldUntil) {}
