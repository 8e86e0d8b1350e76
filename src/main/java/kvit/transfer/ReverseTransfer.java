package kvit.transfer;

import static kvit.transfer.TransferProblem.REFUND_EXCEEDS_TRANSFER;
import static kvit.transfer.TransferProblem.TRANSFER_NOT_FOUND;
import static kvit.transfer.TransferProblem.TRANSFER_NOT_REVERSIBLE;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import kvit.idempotency.Answers;
import kvit.identity.People;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.ledger.LedgerProblem;
import kvit.ledger.Posting;
import kvit.money.Money;
import kvit.operate.FourEyes;
import kvit.outbox.Outbox;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.rules.Rules;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.source.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * Takes a transfer back without asking its payee: what is left of it goes back to the payer, as a
 * refund that two operators have made. Who is frozen is not asked, because to stop the payee and
 * then to give the money back is what it is for; a sanction is.
 *
 * <p>What the payee does not have any more is not taken: no wallet falls below zero.
 */
@ApplicationScoped
public class ReverseTransfer implements FourEyes<ReverseTransfer.Wish> {

    /** In no key of a customer's, which are printable ASCII. */
    private static final String KEY = "\u2696 ";

    /**
     * What is asked for. Whoever has one has one that is complete: it throws VALIDATION_FAILED.
     *
     * @param amount all that is left of it, as its maker has seen it
     */
    public record Wish(UUID transfer, Money amount) {
        public Wish {
            if (transfer == null) {
                throw GeneralProblem.invalid("/transfer", "must not be null");
            }
            if (amount == null) {
                throw GeneralProblem.invalid("/amount", "must not be null");
            }
        }
    }

    private final TransferStore store;
    private final ReversalStore reversals;
    private final People people;
    private final Rules rules;
    private final MadeGood madeGood;
    private final Ledger ledger;
    private final Outbox outbox;
    private final Answers answers;
    private final TransferMetrics metrics;
    private final Clock clock;
    private final Ids ids;

    ReverseTransfer(
            TransferStore store,
            ReversalStore reversals,
            People people,
            Rules rules,
            MadeGood madeGood,
            Ledger ledger,
            Outbox outbox,
            Answers answers,
            TransferMetrics metrics,
            Clock clock,
            Ids ids) {
        this.store = store;
        this.reversals = reversals;
        this.people = people;
        this.rules = rules;
        this.madeGood = madeGood;
        this.ledger = ledger;
        this.outbox = outbox;
        this.answers = answers;
        this.metrics = metrics;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * So that nobody is asked to approve what cannot be, as far as that is known by now.
     *
     * @throws Problem TRANSFER_NOT_FOUND, TRANSFER_NOT_REVERSIBLE, COUNTRY_NOT_SERVED for a
     *     sanction, INSUFFICIENT_FUNDS
     */
    @Transactional
    public Wish checked(UUID id) {
        var transfer =
                store.find(id)
                        .orElseThrow(() -> TRANSFER_NOT_FOUND.because("No transfer " + id + "."));
        requireReversible(transfer);
        var left = transfer.left();
        var available = ledger.balance(wallet(transfer)).available();
        if (available.minor() < left.minor()) {
            throw LedgerProblem.INSUFFICIENT_FUNDS
                    .because("The payee has " + available + " of it.")
                    .with("available", available);
        }
        return new Wish(id, left);
    }

    private void requireReversible(Transfer transfer) {
        if (!transfer.isRefundable() || !transfer.left().isPositive()) {
            throw TRANSFER_NOT_REVERSIBLE
                    .because("It has not moved, is a refund itself, or was given back.")
                    .with("transferId", transfer.id())
                    .with("state", transfer.state());
        }
        if (madeGood.isMadeGood(transfer.id())) {
            throw TRANSFER_NOT_REVERSIBLE
                    .because("The payer has it from us, by a claim that was accepted.")
                    .with("transferId", transfer.id())
                    .with("state", transfer.state());
        }
        var sanction = sanction(transfer);
        if (sanction != null) {
            throw sanction;
        }
    }

    private @Nullable Problem sanction(Transfer transfer) {
        var payee = payee(transfer);
        var known = people.byIds(Set.of(transfer.payer(), payee));
        return rules.freeze(
                Ruling.party(Objects.requireNonNull(known.get(payee))),
                Ruling.party(Objects.requireNonNull(known.get(transfer.payer()))),
                transfer.left(),
                clock.instant());
    }

    @Override
    public String action() {
        return "transfers.reverse";
    }

    @Override
    public Class<Wish> payload() {
        return Wish.class;
    }

    @Override
    public String resource(Wish wish) {
        return wish.transfer().toString();
    }

    /** Under lock, so that what was compared is what is carried out. */
    @Override
    @Transactional
    public String basis(Wish wish) {
        var transfer = lock(wish);
        return transfer.state() + " " + transfer.refunded();
    }

    private Transfer lock(Wish wish) {
        var transfer = store.lock(List.of(wish.transfer())).get(wish.transfer());
        if (transfer == null) {
            throw TRANSFER_NOT_FOUND.because("No transfer " + wish.transfer() + ".");
        }
        return transfer;
    }

    /**
     * Gives back what is left.
     *
     * @throws Problem TRANSFER_NOT_REVERSIBLE, COUNTRY_NOT_SERVED, REFUND_EXCEEDS_TRANSFER,
     *     ALREADY_REVERSED, INSUFFICIENT_FUNDS with what the payee has
     */
    @Override
    @Transactional
    public void carryOut(Wish wish, Agreed agreed) {
        var transfer = lock(wish);
        requireReversible(transfer);
        if (!wish.amount().equals(transfer.left())) {
            throw REFUND_EXCEEDS_TRANSFER
                    .because("Left to give back are " + transfer.left() + ".")
                    .with("remaining", transfer.left());
        }
        var id = ids.next();
        var at = post(id, transfer);
        var refund = refund(id, transfer, at);
        store.insert(List.of(stored(refund)));
        store.updateRefunded(List.of(transfer.refundedBy(refund.amount())));
        reversals.insert(
                new ReversalStore.Reversal(
                        transfer.id(),
                        id,
                        agreed.reason(),
                        agreed.proposedBy(),
                        agreed.approvedBy(),
                        at));
        outbox.add(
                List.of(
                        TransferEvents.of(refund),
                        told(transfer, refund, transfer.payer()),
                        told(transfer, refund, payee(transfer))));
        metrics.countWhenCommitted(List.of(refund));
    }

    private Instant post(UUID id, Transfer transfer) {
        var left = transfer.left().minor();
        var posting =
                new Posting(
                        id,
                        "reversal",
                        clock.instant(),
                        List.of(
                                new Posting.Line(wallet(transfer), -left),
                                new Posting.Line(transfer.wallet(), left)),
                        transfer.id(),
                        null);
        var outcome = ledger.post(List.of(posting)).get(0);
        if (outcome.refusal() != null) {
            throw outcome.refusal();
        }
        return outcome.at();
    }

    private static Transfer refund(UUID id, Transfer transfer, Instant at) {
        return new Transfer(
                id,
                payee(transfer),
                transfer.payer(),
                null,
                transfer.left(),
                null,
                transfer.visibility(),
                transfer.reference(),
                transfer.conversation(),
                TransferState.COMPLETED,
                null,
                transfer.id(),
                0,
                at,
                at,
                null,
                false,
                null,
                null,
                false);
    }

    /** Under a key that nobody can have sent, and with the answer that a refund would have had. */
    private StoredTransfer stored(Transfer refund) {
        var key = KEY + refund.refundOf();
        return new StoredTransfer(
                refund,
                key,
                HexFormat.of().formatHex(Sha256.of(key)),
                201,
                answers.write(
                        TransferView.of(
                                refund, people.byIds(Set.of(refund.payer(), payee(refund))))),
                null,
                null,
                null);
    }

    private static TransferReversed told(Transfer transfer, Transfer refund, UUID customer) {
        var hasPaid = customer.equals(refund.payer());
        return new TransferReversed(
                transfer.id(),
                refund.id(),
                customer,
                hasPaid ? payee(refund) : refund.payer(),
                hasPaid,
                refund.amount(),
                Objects.requireNonNull(refund.completedAt()));
    }

    /** The payee's, which gives it back. */
    private static Account wallet(Transfer transfer) {
        return Account.wallet(payee(transfer), transfer.amount().currency());
    }

    private static UUID payee(Transfer transfer) {
        return Objects.requireNonNull(transfer.payee(), "only a declined one has none");
    }
}
