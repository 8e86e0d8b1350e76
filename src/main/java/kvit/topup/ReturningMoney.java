package kvit.topup;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.ledger.Posting;
import kvit.ledger.Posting.Line;
import kvit.problem.Problem;
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

    /** Of a refund that nobody has asked for, because the processor has taken the money itself. */
    static final String CONTESTED = "contested";

    private final TopUpStore store;
    private final ChargeReturnStore returns;
    private final ContestedMoney contested;
    private final Ledger ledger;
    private final Clock clock;

    ReturningMoney(
            TopUpStore store,
            ChargeReturnStore returns,
            ContestedMoney contested,
            Ledger ledger,
            Clock clock) {
        this.store = store;
        this.returns = returns;
        this.contested = contested;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * Of top-ups whose money is held under their ids: what else is held there is available again.
     * {@link ReturnCharges} tells the processor. None of them is contested: what was to be paid for
     * with it would have come to nothing then ({@link #lockUnasked} is the same a little later).
     */
    void giveBack(List<TopUp> topUps) {
        var now = clock.instant();
        var back = new ArrayList<Posting>();
        for (var topUp : topUps) {
            var wallet = Account.wallet(topUp.customer(), topUp.amount().currency());
            var clearing = Account.cardClearing(topUp.amount().currency());
            var id = ChargeReturn.refundOf(topUp.id());
            back.add(
                    posting(id, "card-refund", now, wallet, clearing, topUp, topUp.id())
                            .capturing(topUp.id()));
        }
        for (var outcome : ledger.post(back)) {
            if (outcome.refusal() != null) {
                throw outcome.refusal();
            }
        }
        returns.insert(topUps, now);
    }

    /**
     * Locks what goes back of one that is contested.
     *
     * @return what to call once its accounts are locked: if nobody was asked for the refund, it is
     *     not made, and the money is in the wallet
     */
    Runnable lockUnasked(TopUp topUp) {
        var unasked = returns.lockUnasked(topUp.customer(), topUp.id()).orElse(null);
        if (unasked == null) {
            return () -> {};
        }
        return () -> {
            returns.failed(unasked, CONTESTED, clock.instant());
            var refusal = postBack(topUp);
            if (refusal != null) {
                throw refusal;
            }
        };
    }

    /**
     * The processor could not give it back, so it is its owner's again, here; as far as it is not
     * contested meanwhile.
     *
     * @param owner whose card it was
     * @param askedAt when it was taken out of the wallet
     */
    void putBack(UUID owner, UUID topUp, Instant askedAt) {
        var known = store.charge(owner, topUp).orElseThrow();
        if (known.state() != TopUpState.COMPLETED) {
            return;
        }
        var awaiting =
                contested.lockAwaiting(
                        new ContestedMoney.Origin(
                                ChargeReturn.refundOf(topUp),
                                owner,
                                topUp,
                                known.amount().currency(),
                                askedAt));
        var refusal = postBack(known);
        if (refusal == null) {
            awaiting.accept(known.amount().minor());
        } else {
            LOG.errorf(
                    "top-up %s is neither here nor at its card: %s", topUp, refusal.type().code());
        }
    }

    /** Why it cannot be; null where it is. */
    private @Nullable Problem postBack(TopUp topUp) {
        var back =
                posting(
                        ChargeReturn.failureOf(topUp.id()),
                        "card-refund-failed",
                        clock.instant(),
                        Account.cardClearing(topUp.amount().currency()),
                        Account.wallet(topUp.customer(), topUp.amount().currency()),
                        topUp,
                        ChargeReturn.refundOf(topUp.id()));
        return ledger.post(List.of(back)).get(0).refusal();
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
