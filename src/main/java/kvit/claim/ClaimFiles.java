package kvit.claim;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import kvit.money.Money;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/** What operators see of somebody's claims. */
@ApplicationScoped
public class ClaimFiles {

    /** Nobody reads more than that at once. */
    private static final int OPEN_MAX = 100;

    /**
     * A claim that nobody has accepted or rejected yet.
     *
     * @param credited what they have of ours meanwhile; null where they have nothing
     * @param deadline when the next thing is due
     */
    public record ClaimLine(
            UUID id,
            UUID transferId,
            Money amount,
            ClaimKind kind,
            ClaimState state,
            @Nullable Money credited,
            Instant openedAt,
            Instant deadline,
            boolean overdue) {}

    private final ClaimStore claims;
    private final ClaimCreditStore credits;
    private final Clock clock;

    ClaimFiles(ClaimStore claims, ClaimCreditStore credits, Clock clock) {
        this.claims = claims;
        this.credits = credits;
        this.clock = clock;
    }

    /** Those that are open, what is due soonest first. */
    public List<ClaimLine> openClaims(UUID customer) {
        var open = claims.open(customer, OPEN_MAX);
        var out = credits.out(open.stream().map(Claim::id).toList());
        var now = clock.instant();
        return open.stream()
                .map(
                        it ->
                                new ClaimLine(
                                        it.id(),
                                        it.transfer(),
                                        it.amount(),
                                        it.kind(),
                                        it.state(),
                                        out.get(it.id()),
                                        it.openedAt(),
                                        it.deadline(),
                                        now.isAfter(it.deadline())))
                .toList();
    }
}
