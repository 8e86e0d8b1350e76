package kvit.claim;

import static kvit.claim.ClaimProblem.CLAIM_AMOUNT_LEFT;
import static kvit.claim.ClaimProblem.CLAIM_CREDITED;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.UUID;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.ledger.Posting;
import kvit.ledger.Posting.Line;
import kvit.money.Money;
import kvit.operate.FourEyes;
import kvit.outbox.Outbox;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.transfer.TransferFiles;

/**
 * Gives somebody what they claim, out of our own pocket, for as long as it takes to decide it. From
 * there on there is as much time for that as their country gives.
 */
@ApplicationScoped
class CreditClaim implements FourEyes<CreditClaim.Wish> {

    /** Whoever has one has one that is complete: it throws VALIDATION_FAILED. */
    record Wish(UUID claim, Money amount) {
        Wish {
            if (claim == null) {
                throw GeneralProblem.invalid("/claim", "must not be null");
            }
            if (amount == null) {
                throw GeneralProblem.invalid("/amount", "must not be null");
            }
        }
    }

    private final ClaimStore claims;
    private final ClaimCreditStore credits;
    private final TransferFiles transfers;
    private final Ledger ledger;
    private final Outbox outbox;
    private final Clock clock;

    CreditClaim(
            ClaimStore claims,
            ClaimCreditStore credits,
            TransferFiles transfers,
            Ledger ledger,
            Outbox outbox,
            Clock clock) {
        this.claims = claims;
        this.credits = credits;
        this.transfers = transfers;
        this.ledger = ledger;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * So that nobody is asked to approve what cannot be.
     *
     * @throws Problem CLAIM_NOT_FOUND, CLAIM_SETTLED, CLAIM_CREDITED, COUNTRY_NOT_SERVED for a
     *     sanction, CLAIM_AMOUNT_LEFT
     */
    Wish checked(UUID id) {
        var claim = claims.find(id).orElseThrow(WorkOnClaim::notFound);
        requirePossible(claim);
        requireLeft(claim, transfers.sent(claim.transfer()).orElseThrow());
        return new Wish(id, claim.amount());
    }

    private void requirePossible(Claim claim) {
        claim.requireOpen();
        if (credits.find(claim.id()).isPresent()) {
            throw CLAIM_CREDITED.because("One claim is credited once.");
        }
        requireNoSanction(claim, transfers);
    }

    /**
     * Who is frozen has it: they are, because somebody else has used their wallet. Who is on a
     * sanctions list is given nothing.
     */
    static void requireNoSanction(Claim claim, TransferFiles transfers) {
        transfers
                .sanction(claim.customer(), claim.amount())
                .ifPresent(
                        it -> {
                            throw it;
                        });
    }

    /** What the payee gives back themselves is not given once more. */
    static void requireLeft(Claim claim, TransferFiles.Sent sent) {
        if (sent.left().minor() < claim.amount().minor()) {
            throw CLAIM_AMOUNT_LEFT
                    .because("The rest was given back: reject it, and open one about what is left.")
                    .with("left", sent.left());
        }
    }

    @Override
    public String action() {
        return "claims.credit";
    }

    @Override
    public Class<Wish> payload() {
        return Wish.class;
    }

    @Override
    public String resource(Wish wish) {
        return wish.claim().toString();
    }

    /** Under lock, so that what was compared is what is carried out. */
    @Override
    @Transactional
    public String basis(Wish wish) {
        var claim = claims.lock(wish.claim()).orElseThrow(WorkOnClaim::notFound);
        return claim.state() + " " + credits.find(claim.id()).isPresent();
    }

    @Override
    @Transactional
    public void carryOut(Wish wish, Agreed agreed) {
        var claim = claims.lock(wish.claim()).orElseThrow(WorkOnClaim::notFound);
        requirePossible(claim);
        // Claims before transfers, and both before accounts.
        requireLeft(claim, transfers.lockSent(claim.transfer()).orElseThrow());
        var amount = claim.amount();
        var posting =
                new Posting(
                        ClaimCredit.id(claim.id()),
                        "provisional-credit",
                        clock.instant(),
                        List.of(
                                new Line(Account.losses(amount.currency()), -amount.minor()),
                                new Line(claim.wallet(), amount.minor())),
                        null,
                        null);
        var outcome = ledger.post(List.of(posting)).get(0);
        if (outcome.refusal() != null) {
            throw outcome.refusal();
        }
        credits.insert(
                new ClaimCredit(
                        posting.id(),
                        claim.id(),
                        amount,
                        new ClaimCredit.ClaimWord(
                                agreed.reason(),
                                agreed.proposedBy(),
                                agreed.approvedBy(),
                                outcome.at()),
                        null));
        if (claim.lastAt() != null) {
            claims.due(claim.id(), claim.lastAt());
        }
        outbox.add(List.of(ClaimChanged.of(claim, ClaimChanged.Step.CREDITED, outcome.at())));
    }
}
