package kvit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import kvit.source.Clock;

/** Asks once more of those who were let in, as often as one likes: it answers from memory. */
@ApplicationScoped
public class StillAdmitted {

    /** Why somebody is not admitted any more. */
    public enum End {
        TOKEN_EXPIRED,
        SESSION_ENDED
    }

    private final Admissions admissions;
    private final Clock clock;

    StillAdmitted(Admissions admissions, Clock clock) {
        this.admissions = admissions;
        this.clock = clock;
    }

    /** Empty while they are; what has ended elsewhere is known here within a second. */
    public Optional<End> end(Admission admission) {
        if (!admissions.admits(admission.session(), admission.customer(), admission.client())) {
            return Optional.of(End.SESSION_ENDED);
        }
        return clock.instant().isBefore(admission.expiresAt())
                ? Optional.empty()
                : Optional.of(End.TOKEN_EXPIRED);
    }
}
