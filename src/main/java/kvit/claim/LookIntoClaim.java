package kvit.claim;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import kvit.ledger.LookUp;
import kvit.operate.AuditTrail;
import kvit.payout.BusinessDays;
import kvit.problem.Problem;
import kvit.source.Clock;

/**
 * Claims as operators look into them. Whoever looks at somebody's is recorded, because it is that
 * person's life; a list of everybody's is not anybody's.
 */
@ApplicationScoped
class LookIntoClaim {

    static final String READ = "claims.read";
    static final String SEARCH = "claims.search";

    private final ClaimStore claims;
    private final ClaimCreditStore credits;
    private final BusinessDays days;
    private final LookUp books;
    private final AuditTrail audit;
    private final Clock clock;

    LookIntoClaim(
            ClaimStore claims,
            ClaimCreditStore credits,
            BusinessDays days,
            LookUp books,
            AuditTrail audit,
            Clock clock) {
        this.claims = claims;
        this.credits = credits;
        this.days = days;
        this.books = books;
        this.audit = audit;
        this.clock = clock;
    }

    /** What is due soonest first. */
    List<ClaimView> find(ClaimStore.Query query) {
        if (query.customer() != null) {
            return audit.recording(
                    SEARCH,
                    query.customer().toString(),
                    "Claims of a customer.",
                    () -> list(query));
        }
        return query.transfer() == null
                ? list(query)
                : audit.recording(
                        SEARCH,
                        query.transfer().toString(),
                        "Claims on a transfer.",
                        () -> list(query));
    }

    private List<ClaimView> list(ClaimStore.Query query) {
        return claims.list(query).stream().map(this::view).toList();
    }

    /**
     * One with all that was written for it.
     *
     * @throws Problem CLAIM_NOT_FOUND
     */
    ClaimView.ClaimDetail look(UUID id) {
        return audit.recording(READ, id.toString(), "Looked into.", () -> detail(id));
    }

    /**
     * The same for whoever has just done something about it, which is recorded by itself.
     *
     * @throws Problem CLAIM_NOT_FOUND
     */
    ClaimView.ClaimDetail detail(UUID id) {
        var claim = claims.find(id).orElseThrow(WorkOnClaim::notFound);
        return new ClaimView.ClaimDetail(
                view(claim),
                // With each of these comes what takes it back.
                books.postings(
                        List.of(claim.transfer(), ClaimCredit.id(id), AcceptClaim.refundId(id))),
                credits.find(id).orElse(null));
    }

    private ClaimView view(Claim claim) {
        var now = clock.instant();
        var country = claim.country();
        var left =
                days.since(
                        country, days.dayOf(country, now), days.dayOf(country, claim.deadline()));
        return ClaimView.of(claim, left, now);
    }
}
