package kvit.identity;

import jakarta.validation.constraints.Size;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How somebody names somebody else: by exactly one of these. */
public record PersonRef(
        @Nullable UUID customerId,
        @Nullable @Size(min = 1, max = 40) String handle,
        @Nullable @Size(min = 1, max = 40) String phone) {

    public static PersonRef of(UUID customerId) {
        return new PersonRef(customerId, null, null);
    }

    public boolean namesOne() {
        return Stream.of(customerId != null, handle != null, phone != null).filter(it -> it).count()
                == 1;
    }
}
