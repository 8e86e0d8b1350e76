package kvit.settlement;

import java.util.Optional;
import java.util.UUID;

/** What those who compare files with the books have done with one of them. */
public interface PostedFiles {

    /** The run that has posted what it says. */
    Optional<UUID> runOf(UUID file);
}
