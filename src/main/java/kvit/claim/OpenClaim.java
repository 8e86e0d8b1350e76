package kvit.claim;

import static kvit.claim.ClaimProblem.CLAIM_PENDING;
import static kvit.claim.ClaimProblem.TRANSFER_NOT_CLAIMABLE;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import kvit.identity.People;
import kvit.ledger.LookUp;
import kvit.ledger.MoneyTransactions;
import kvit.ledger.MoneyTransactions.Superseded;
import kvit.operate.AtWork;
import kvit.operate.AuditTrail;
import kvit.outbox.Outbox;
import kvit.payout.BusinessDays;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.transfer.TransferFiles;

/**
 * Writes down what a customer says of a transfer of theirs. From here on the time runs that their
 * country gives for it.
 */
@ApplicationScoped
class OpenClaim {

    private final ClaimStore claims;
    private final ClaimPolicies policies;
    private final TransferFiles transfers;
    private final People people;
    private final BusinessDays days;
    private final LookUp books;
    private final MoneyTransactions transactions;
    private final Outbox outbox;
    private final AuditTrail audit;
    private final AtWork atWork;
    private final Clock clock;
    private final Ids ids;

    OpenClaim(
            ClaimStore claims,
            ClaimPolicies policies,
            TransferFiles transfers,
            People people,
            BusinessDays days,
            LookUp books,
            MoneyTransactions transactions,
            Outbox outbox,
            AuditTrail audit,
            AtWork atWork,
            Clock clock,
            Ids ids) {
        this.claims = claims;
        this.policies = policies;
        this.transfers = transfers;
        this.people = people;
        this.days = days;
        this.books = books;
        this.transactions = transactions;
        this.outbox = outbox;
        this.audit = audit;
        this.atWork = atWork;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * About all that is left of the transfer.
     *
     * @throws Problem TRANSFER_NOT_FOUND, TRANSFER_NOT_CLAIMABLE, CLAIM_PENDING with the id of the
     *     one that is open
     */
    UUID open(UUID transfer, ClaimKind kind, String statement, String reason) {
        return transactions.once(
                () -> {
                    var claim = received(transfer, kind, statement);
                    if (!claims.insert(claim)) {
                        throw inItsWay(transfer);
                    }
                    audit.record("claims.open", claim.id().toString(), reason);
                    outbox.add(
                            List.of(
                                    ClaimChanged.of(
                                            claim, ClaimChanged.Step.RECEIVED, claim.openedAt())));
                    return claim.id();
                });
    }

    /** What is accepted is given once, whether the payee bears it or we do. */
    private Problem inItsWay(UUID transfer) {
        var other =
                claims.standing(transfer)
                        .orElseThrow(() -> new Superseded("the other claim was just rejected"));
        return (other.state() == ClaimState.ACCEPTED
                        ? TRANSFER_NOT_CLAIMABLE.because("A claim on it was accepted.")
                        : CLAIM_PENDING.because("Decide the one that is open first."))
                .with("claimId", other.id());
    }

    private Claim received(UUID transfer, ClaimKind kind, String statement) {
        var sent =
                transfers
                        .sent(transfer)
                        .filter(it -> it.left().isPositive())
                        .orElseThrow(
                                () ->
                                        TRANSFER_NOT_CLAIMABLE.because(
                                                "It has not moved, is a refund, or was given"
                                                        + " back."));
        var payer = Objects.requireNonNull(people.byIds(Set.of(sent.payer())).get(sent.payer()));
        var policy =
                policies.of(payer.country(), kind)
                        .of(sent.at(), books.firstDeposit(payer.id()).orElse(null));
        var now = clock.instant();
        var dueAt = days.close(payer.country(), now, policy.firstDays());
        return new Claim(
                ids.next(),
                transfer,
                payer.id(),
                sent.left(),
                kind,
                statement,
                payer.country(),
                policy.due(),
                policy.legalReference(),
                ClaimState.RECEIVED,
                now,
                atWork.email(),
                dueAt,
                dueAt,
                policy.lastOf(now),
                null,
                null);
    }
}
