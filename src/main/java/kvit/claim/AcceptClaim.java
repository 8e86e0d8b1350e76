package kvit.claim;

import static kvit.claim.ClaimProblem.CLAIM_AMOUNT_LEFT;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Set;
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
import kvit.source.Ids;
import kvit.transfer.ReverseTransfer;
import kvit.transfer.TransferFiles;
import org.jspecify.annotations.Nullable;

/** Gives somebody for good what they claim, from us or by taking the transfer back. */
@ApplicationScoped
class AcceptClaim implements FourEyes<AcceptClaim.Wish> {

    /** Whoever has one has one that is complete: it throws VALIDATION_FAILED. */
    record Wish(UUID claim, Way way, Money amount) {
        Wish {
            if (claim == null) {
                throw GeneralProblem.invalid("/claim", "must not be null");
            }
            if (way == null) {
                throw GeneralProblem.invalid("/way", "must not be null");
            }
            if (amount == null) {
                throw GeneralProblem.invalid("/amount", "must not be null");
            }
        }
    }

    private final ClaimStore claims;
    private final ClaimCreditStore credits;
    private final TransferFiles transfers;
    private final ReverseTransfer reverse;
    private final Ledger ledger;
    private final Outbox outbox;
    private final Clock clock;

    AcceptClaim(
            ClaimStore claims,
            ClaimCreditStore credits,
            TransferFiles transfers,
            ReverseTransfer reverse,
            Ledger ledger,
            Outbox outbox,
            Clock clock) {
        this.claims = claims;
        this.credits = credits;
        this.transfers = transfers;
        this.reverse = reverse;
        this.ledger = ledger;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * So that nobody is asked to approve what cannot be, as far as that is known by now.
     *
     * @throws Problem CLAIM_NOT_FOUND, CLAIM_SETTLED, CLAIM_NOT_INVESTIGATED, CLAIM_AMOUNT_LEFT,
     *     COUNTRY_NOT_SERVED for a sanction, and of a reversal INSUFFICIENT_FUNDS
     */
    Wish checked(UUID id, Way way) {
        var claim = claims.find(id).orElseThrow(WorkOnClaim::notFound).requireInvestigated();
        var credit = credit(claim);
        requireLeft(claim, way, credit, transfers.sent(claim.transfer()).orElseThrow());
        if (way == Way.REVERSAL) {
            reverse.checked(claim.transfer());
        } else if (credit == null) {
            CreditClaim.requireNoSanction(claim, transfers);
        }
        return new Wish(id, way, claim.amount());
    }

    private @Nullable ClaimCredit credit(Claim claim) {
        return credits.find(claim.id()).filter(ClaimCredit::isOut).orElse(null);
    }

    /**
     * A reversal takes back all that is left, so that has to be what is claimed. From us they may
     * have it already: then nothing is paid, whatever has been given back meanwhile, and there
     * would be no other end where they have spent it.
     */
    private static void requireLeft(
            Claim claim, Way way, @Nullable ClaimCredit credit, TransferFiles.Sent sent) {
        if (way == Way.LOSSES && credit != null) {
            return;
        }
        CreditClaim.requireLeft(claim, sent);
        if (way == Way.REVERSAL && !sent.left().equals(claim.amount())) {
            throw CLAIM_AMOUNT_LEFT
                    .because("More is left of it than is claimed.")
                    .with("left", sent.left());
        }
    }

    @Override
    public String action() {
        return "claims.accept";
    }

    @Override
    public Class<Wish> payload() {
        return Wish.class;
    }

    @Override
    public String resource(Wish wish) {
        return wish.claim().toString();
    }

    /**
     * Whether they have it meanwhile is part of what it costs. Under lock, as it is carried out.
     */
    @Override
    @Transactional
    public String basis(Wish wish) {
        var claim = claims.lock(wish.claim()).orElseThrow(WorkOnClaim::notFound);
        return claim.state() + " " + (credit(claim) != null);
    }

    /**
     * All of it in one transaction: what they have meanwhile becomes theirs, or goes back as the
     * other money comes.
     *
     * @throws Problem as {@link #checked}
     */
    @Override
    @Transactional
    public void carryOut(Wish wish, Agreed agreed) {
        var claim = claims.lock(wish.claim()).orElseThrow(WorkOnClaim::notFound);
        claim.requireInvestigated();
        // Claims before transfers, and both before accounts.
        var sent = transfers.lockSent(claim.transfer()).orElseThrow();
        var credit = credit(claim);
        requireLeft(claim, wish.way(), credit, sent);
        if (wish.way() == Way.REVERSAL) {
            takeBack(claim, sent, agreed);
            if (credit != null) {
                returned(claim, credit, agreed);
            }
        } else if (credit == null) {
            CreditClaim.requireNoSanction(claim, transfers);
            post(claim);
        }
        var now = clock.instant();
        claims.ended(claim.id(), ClaimState.ACCEPTED, wish.way(), now);
        outbox.add(List.of(ClaimChanged.of(claim, ClaimChanged.Step.ACCEPTED, now)));
    }

    private void takeBack(Claim claim, TransferFiles.Sent sent, Agreed agreed) {
        var currency = claim.amount().currency();
        // All that is posted to, because accounts are locked in their order or not at all.
        ledger.release(
                List.of(
                        claim.wallet(),
                        Account.wallet(sent.payee(), currency),
                        Account.losses(currency)),
                Set.of());
        reverse.carryOut(new ReverseTransfer.Wish(claim.transfer(), claim.amount()), agreed);
    }

    private void returned(Claim claim, ClaimCredit credit, Agreed agreed) {
        var at = ledger.reverse(credit.id(), ClaimCredit.returnId(claim.id())).at();
        credits.takenBack(
                claim.id(),
                new ClaimCredit.ClaimWord(
                        agreed.reason(), agreed.proposedBy(), agreed.approvedBy(), at));
    }

    private void post(Claim claim) {
        var amount = claim.amount();
        var posting =
                new Posting(
                        refundId(claim.id()),
                        "claim-refund",
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
    }

    static UUID refundId(UUID claim) {
        return Ids.named(claim, "refund");
    }
}
