package kvit.identity;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What anybody may see of a person. */
public record PersonView(UUID id, @Nullable String displayName, @Nullable String handle) {}
