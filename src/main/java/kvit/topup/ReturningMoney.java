package kvit.topup;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.ledger.Posting;
import kvit.ledger.Posting.Line;
import kvit.source.Clock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a card was charged out of its owner's wallet again, because it goes back to the card;
 * and puts it there once more where that fails. What never was in a wallet moves nothing here.
 *
 * <p>The posting has the id of the refund, by which the processor's files name it.
 */
@ApplicationScoped
class ReturningMoney {

    private static final Logger LOG = Logger.getLogger(ReturningMoney.class);

    private final TopUpStore store;
    private final ChargeReturnStore returns;
    private final Ledger ledger;
    private final Clock clock;

    ReturningMoney(TopUpStore store, ChargeReturnStore returns, Ledger ledger, Clock clock) {
        this.store = store;
        this.returns = returns;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * Of a top-up whose money is held under its id: what else is held there is available again.
     * {@link ReturnCharges} tells the processor.
     */
    void giveBack(TopUp topUp) {
        var now = clock.instant();
        var wallet = Account.wallet(topUp.customer(), topUp.amount().currency());
        var clearing = Account.cardClearing(topUp.amount().currency());
        var id = ChargeReturn.refundOf(topUp.id());
        var back =
                posting(id, "card-refund", now, wallet, clearing, topUp, topUp.id())
                        .capturing(topUp.id());
        var refusal = ledger.post(List.of(back)).get(0).refusal();
        if (refusal != null) {
            throw refusal;
        }
        returns.insert(topUp, Objects.requireNonNull(topUp.name(), "it was charged"), now);
    }

    /**
     * The processor could not give it back, so it is its owner's again, here.
     *
     * @param owner whose card it was
     */
    void putBack(UUID owner, UUID topUp) {
        var known = store.charge(owner, topUp).orElseThrow();
        if (known.state() != TopUpState.COMPLETED) {
            return;
        }
        var wallet = Account.wallet(owner, known.amount().currency());
        var clearing = Account.cardClearing(known.amount().currency());
        var refund = ChargeReturn.refundOf(topUp);
        var again = ChargeReturn.failureOf(topUp);
        var posting =
                posting(
                        again,
                        "card-refund-failed",
                        clock.instant(),
                        clearing,
                        wallet,
                        known,
                        refund);
        var refusal = ledger.post(List.of(posting)).get(0).refusal();
        if (refusal != null) {
            LOG.errorf(
                    "top-up %s is neither here nor at its card: %s", topUp, refusal.type().code());
        }
    }

    /** Whether it goes back to its card, or has. */
    boolean isGivenBack(TopUp topUp) {
        return returns.isKnown(ChargeReturn.refundOf(topUp.id()));
    }

    private static Posting posting(
            UUID id,
            String kind,
            Instant at,
            Account from,
            Account to,
            TopUp topUp,
            @Nullable UUID reverses) {
        var minor = topUp.amount().minor();
        return new Posting(
                id, kind, at, List.of(new Line(from, -minor), new Line(to, minor)), reverses, null);
    }
}
