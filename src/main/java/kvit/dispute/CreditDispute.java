package kvit.dispute;

import static kvit.dispute.DisputeProblem.CREDIT_EXCEEDS_HOLD;
import static kvit.dispute.DisputeProblem.CREDIT_GIVEN;
import static kvit.dispute.DisputeProblem.DISPUTE_NOT_FOUND;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import kvit.card.Said;
import kvit.identity.People;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.ledger.Posting;
import kvit.ledger.Posting.Line;
import kvit.money.Money;
import kvit.operate.FourEyes;
import kvit.outbox.Outbox;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.rules.Rules;
import kvit.source.Clock;
import kvit.source.Ids;

/**
 * Gives somebody what is held of them for a dispute, out of our own pocket, until it is known who
 * bears it. The hold stays: what the dispute does to it, and to whom, is as ever.
 */
@ApplicationScoped
class CreditDispute implements FourEyes<CreditDispute.Wish> {

    /** Whoever has one has one that is complete: it throws VALIDATION_FAILED. */
    record Wish(UUID dispute, Money amount) {
        Wish {
            if (dispute == null) {
                throw GeneralProblem.invalid("/dispute", "must not be null");
            }
            if (amount == null || !amount.isPositive()) {
                throw GeneralProblem.invalid("/amount", "must be positive");
            }
        }
    }

    private final DisputeStore disputes;
    private final DisputeCreditStore credits;
    private final People people;
    private final Rules rules;
    private final Ledger ledger;
    private final Outbox outbox;
    private final Clock clock;

    CreditDispute(
            DisputeStore disputes,
            DisputeCreditStore credits,
            People people,
            Rules rules,
            Ledger ledger,
            Outbox outbox,
            Clock clock) {
        this.disputes = disputes;
        this.credits = credits;
        this.people = people;
        this.rules = rules;
        this.ledger = ledger;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * So that nobody is asked to approve what cannot be.
     *
     * @throws Problem DISPUTE_NOT_FOUND, VALIDATION_FAILED for another currency, DISPUTE_SETTLED,
     *     CREDIT_GIVEN, CREDIT_EXCEEDS_HOLD, COUNTRY_NOT_SERVED for a sanction
     */
    Wish checked(Wish wish) {
        requirePossible(wish, disputes.find(wish.dispute()).orElseThrow(CreditDispute::notFound));
        return wish;
    }

    static Problem notFound() {
        return DISPUTE_NOT_FOUND.because("No such dispute.");
    }

    private void requirePossible(Wish wish, Dispute dispute) {
        var held = dispute.held();
        if (wish.amount().currency() != held.currency()) {
            throw GeneralProblem.invalid("/amount/currency", "must be " + held.currency());
        }
        dispute.requireOpen();
        if (credits.find(dispute.id()).isPresent()) {
            throw CREDIT_GIVEN.because("One dispute is credited once.");
        }
        if (credits.isOutOfAnEarlierRound(dispute)) {
            throw CREDIT_GIVEN.because("What an earlier round of it was credited is not back.");
        }
        if (wish.amount().minor() > held.minor()) {
            throw CREDIT_EXCEEDS_HOLD.because("Held are " + held + ".").with("available", held);
        }
        requireNoSanction(wish, dispute);
    }

    /** What is ours goes to nobody on a sanctions list; who is frozen has it. */
    private void requireNoSanction(Wish wish, Dispute dispute) {
        var person =
                Objects.requireNonNull(
                        people.byIds(Set.of(dispute.customer())).get(dispute.customer()));
        var sanction = rules.freeze(Said.party(person), wish.amount(), clock.instant());
        if (sanction != null) {
            throw sanction;
        }
    }

    @Override
    public String action() {
        return "disputes.credit";
    }

    @Override
    public Class<Wish> payload() {
        return Wish.class;
    }

    @Override
    public String resource(Wish wish) {
        return wish.dispute().toString();
    }

    /** Under lock, so that what was compared is what is carried out. */
    @Override
    @Transactional
    public String basis(Wish wish) {
        var dispute = disputes.lock(wish.dispute()).orElseThrow(CreditDispute::notFound);
        return dispute.state() + " " + credits.find(dispute.id()).isPresent();
    }

    @Override
    @Transactional
    public void carryOut(Wish wish, Agreed agreed) {
        var dispute = disputes.lock(wish.dispute()).orElseThrow(CreditDispute::notFound);
        requirePossible(wish, dispute);
        var amount = wish.amount();
        var posting =
                new Posting(
                        id(dispute.id()),
                        "provisional-credit",
                        clock.instant(),
                        List.of(
                                new Line(Account.losses(amount.currency()), -amount.minor()),
                                new Line(dispute.wallet(), amount.minor())),
                        null,
                        null);
        var outcome = ledger.post(List.of(posting)).get(0);
        if (outcome.refusal() != null) {
            throw outcome.refusal();
        }
        credits.insert(
                new DisputeCredit(
                        posting.id(),
                        dispute.id(),
                        amount,
                        new DisputeCredit.Word(
                                agreed.reason(),
                                agreed.proposedBy(),
                                agreed.approvedBy(),
                                outcome.at()),
                        null));
        outbox.add(
                List.of(
                        new DisputeCredited(
                                dispute.id(), dispute.customer(), amount, outcome.at())));
    }

    /** Of the posting, so that a dispute is credited once. */
    static UUID id(UUID dispute) {
        return Ids.named(dispute, "credit");
    }
}
