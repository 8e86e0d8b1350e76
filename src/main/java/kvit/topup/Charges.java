package kvit.topup;

import static kvit.card.CardProblem.CARD_DECLINED;
import static kvit.card.CardProblem.CARD_NOT_ACTIVE;
import static kvit.card.CardProblem.CARD_NOT_FOUND;
import static kvit.card.CardProblem.CARD_PROCESSOR_UNAVAILABLE;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import kvit.card.Card;
import kvit.card.CardProcessor;
import kvit.card.CardState;
import kvit.card.Cards;
import kvit.card.Funding;
import kvit.card.NonsenseRefused;
import kvit.card.Reason;
import kvit.card.Result;
import kvit.ledger.MoneyTransactions;
import kvit.money.Money;
import kvit.problem.Problem;
import kvit.rules.Instrument;
import kvit.source.Clock;
import kvit.source.Ids;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Charges cards for transfers, as {@link TopUpWallet} does for their owners' wallets: the intention
 * is committed with the transfer, the processor is called between two transactions, and what nobody
 * has heard the end of is found out by {@link ResolveTopUps}.
 */
@ApplicationScoped
public class Charges {

    /**
     * A card that somebody wants to pay with.
     *
     * @param instrument what the rules of countries call it
     * @param refusal why it cannot be charged; null where it can
     */
    public record Payable(UUID card, Instrument instrument, @Nullable Problem refusal) {}

    /** Where the money of a transfer is that was declined. */
    public enum Fate {
        /** No card was to be charged yet. */
        NOT_BEGUN,
        /** Nothing was charged, or it goes back to the card. */
        NOT_KEPT,
        /** It was charged, and is in its owner's wallet. */
        IN_THE_WALLET
    }

    /**
     * The one call that somebody may be about to make for a transfer: who makes it is written with
     * the intention, so that nobody else does. To be closed when it was made, or will not be.
     */
    public final class Call implements AutoCloseable {

        private final UUID id = ids.next();
        private CardProcessor.@Nullable Turn turn;

        private Call() {}

        /** Once: a transaction that is made again has it already. */
        private boolean takesTurn() {
            if (turn == null) {
                turn = processor.turn().orElse(null);
            }
            return turn != null;
        }

        @Override
        public void close() {
            if (turn != null) {
                turn.close();
            }
        }
    }

    private static final Logger LOG = Logger.getLogger(Charges.class);

    /** Of one that the processor did not take as we had put it, which is a fault of ours. */
    static final String NOT_ACCEPTED = "not_accepted";

    /** Why nothing was charged that no bank was asked about. */
    private static final Set<String> OURS =
            Set.of(
                    NOT_ACCEPTED,
                    TopUpWallet.NOT_SENT,
                    ResolveTopUps.NOT_CARRIED_OUT,
                    ResolveTopUps.UNRESOLVED);

    /** A call takes some tenths of a second, and there are several turns. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private final TopUpStore store;
    private final Cards cards;
    private final TopUpSettlement settlement;
    private final ReturningMoney returning;
    private final PaidTransfers transfers;
    private final CardProcessor processor;
    private final MoneyTransactions transactions;
    private final TopUpConfig config;
    private final Clock clock;
    private final Ids ids;

    Charges(
            TopUpStore store,
            Cards cards,
            TopUpSettlement settlement,
            ReturningMoney returning,
            PaidTransfers transfers,
            CardProcessor processor,
            MoneyTransactions transactions,
            TopUpConfig config,
            Clock clock,
            Ids ids) {
        this.store = store;
        this.cards = cards;
        this.settlement = settlement;
        this.returning = returning;
        this.transfers = transfers;
        this.processor = processor;
        this.transactions = transactions;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * A card of this customer's.
     *
     * @throws Problem CARD_NOT_FOUND
     */
    public Payable require(UUID customer, UUID card) {
        var found =
                cards.find(customer, card)
                        .orElseThrow(() -> CARD_NOT_FOUND.because("No such card of yours."));
        var funding = found.funding() == null ? Funding.UNKNOWN : found.funding();
        return new Payable(found.id(), funding.instrument(), refusal(found));
    }

    /** Why this card cannot be charged any more; null where it can. */
    public @Nullable Problem refusal(UUID customer, UUID card) {
        var found = cards.find(customer, card).orElse(null);
        return found == null ? notActive() : refusal(found);
    }

    private static @Nullable Problem refusal(Card card) {
        return card.state() == CardState.ACTIVE ? null : notActive();
    }

    private static Problem notActive() {
        return CARD_NOT_ACTIVE.because("It waits for its code, or has been removed.");
    }

    /** For one transfer; nothing is taken or called yet. */
    public Call call() {
        return new Call();
    }

    /**
     * Writes that a card is about to be charged for a transfer, in the transaction that lets it be.
     * Whoever has done it calls {@link #carryOut} as soon as that is committed.
     *
     * @param amount as much as is charged, which may be less than the transfer
     * @throws Problem CARD_PROCESSOR_UNAVAILABLE while too many others are at it. Then the
     *     transaction is to be undone, and the same request may come again: what is committed and
     *     not sent could only be declined
     */
    public void intend(UUID transfer, UUID customer, UUID card, Money amount, Call call) {
        if (!call.takesTurn()) {
            throw CARD_PROCESSOR_UNAVAILABLE
                    .because("Too many cards are being charged; send the same again.")
                    .retryAfter(SOON);
        }
        var found = cards.find(customer, card).orElseThrow();
        var sending = new TopUp.Sending(call.id, clock.instant());
        store.insertPaying(
                TopUp.intended(ids.next(), customer, card, amount, found.reference(), sending)
                        .payingFor(transfer),
                sending.at().plus(TopUpWallet.UNDER_WAY));
    }

    /**
     * Charges the card, in no transaction, and writes what the processor says, with what becomes of
     * the transfer. Where somebody else is to do that, it does nothing.
     */
    public void carryOut(UUID transfer, Call call) {
        var topUp = store.findPaying(transfer).orElseThrow();
        var sending = topUp.sending();
        if (sending == null || !sending.by().equals(call.id)) {
            return;
        }
        Result result;
        try {
            result = send(topUp, sending, Objects.requireNonNull(call.turn));
        } catch (NonsenseRefused e) {
            // It was the only call there ever is for this one, so nothing was charged.
            LOG.errorf(e, "the processor does not accept the charge for %s", transfer);
            transactions.keyed(() -> giveUp(topUp));
            return;
        }
        transactions.keyed(() -> conclude(topUp, result));
    }

    /**
     * What is in a wallet and has this name at the processor. What is still pending has nothing
     * that could be held, and what was declined goes back.
     */
    public Optional<Charged> charged(String name) {
        return store.charged(name);
    }

    /**
     * A charge is contested, so the processor has its money by now, and none of it may go back to
     * the card once more. Locks what it was for and what goes back of it; after disputes, and
     * before accounts.
     *
     * @return what to call once the wallet and card clearing are locked: a transfer that waits
     *     comes to nothing, a refund that nobody was asked for is not made, and the money of either
     *     is available in the wallet
     */
    public Runnable lockContested(Charged charged) {
        var topUp = store.charge(charged.customer(), charged.topUp()).orElseThrow();
        if (topUp.transfer() == null) {
            return () -> {};
        }
        var waiting = transfers.lockContested(topUp.transfer());
        var goingBack = returning.lockUnasked(topUp);
        return () -> {
            waiting.run();
            goingBack.run();
        };
    }

    /** The posting of what goes back of a charge to its card, if it ever does. */
    public static UUID refund(UUID topUp) {
        return ChargeReturn.refundOf(topUp);
    }

    private Result send(TopUp topUp, TopUp.Sending sending, CardProcessor.Turn turn) {
        return clock.instant().isAfter(sending.at().plus(TopUpWallet.UNDER_WAY))
                ? new Result.NotSent(Reason.TOO_LATE)
                : processor.carryOut(topUp.charge(), turn);
    }

    private TopUp giveUp(TopUp sent) {
        var known = store.lock(sent.customer(), sent.id()).orElseThrow().topUp();
        return known.isPending() ? settlement.giveUp(known, NOT_ACCEPTED) : known;
    }

    private TopUp conclude(TopUp sent, Result result) {
        var known = store.lock(sent.customer(), sent.id()).orElseThrow().topUp();
        if (known.isPending() && result instanceof Result.NotSent notSent) {
            LOG.warnf("the charge for %s was not sent: %s", sent.transfer(), notSent.reason());
            return settlement.giveUp(known, TopUpWallet.NOT_SENT);
        }
        var settled = settlement.settle(known, result);
        if (settled.isPending()) {
            store.update(settled, clock.instant().plus(config.askFirst()));
        }
        return settled;
    }

    /** What was charged for a transfer and is in its payer's wallet: the id of that posting. */
    public Optional<UUID> inWallet(UUID transfer) {
        return store.findPaying(transfer)
                .filter(it -> it.state() == TopUpState.COMPLETED)
                .map(TopUp::id);
    }

    /** Those of these transfers of which there is such a charge. */
    public Set<UUID> inWallet(Collection<UUID> transfers) {
        return store.findPaying(transfers).stream()
                .filter(it -> it.state() == TopUpState.COMPLETED)
                .map(it -> Objects.requireNonNull(it.transfer()))
                .collect(Collectors.toSet());
    }

    /**
     * What was charged for transfers that come to nothing goes back to their cards, out of what is
     * held under the ids of {@link #inWallet}; in the transaction that ends them, and once.
     */
    public void giveBack(Collection<UUID> transfers) {
        returning.giveBack(store.findPaying(transfers));
    }

    /** Why a transfer was declined whose card was not charged. */
    public Problem refusalOf(UUID transfer) {
        var topUp = store.findPaying(transfer).orElseThrow();
        return declined(Objects.requireNonNull(topUp.declineCode()));
    }

    /**
     * Why a card was not charged: the bank's word, or one of ours, which is not the card's fault.
     */
    static Problem declined(String code) {
        return CARD_DECLINED
                .because(
                        OURS.contains(code)
                                ? "The card was not to blame; send it anew, or ask the support."
                                : "Nothing was charged; try another card, or ask your bank.")
                .with("declineCode", code);
    }

    /** Where the money is of a transfer that was declined. */
    public Fate fateOf(UUID transfer) {
        return store.findPaying(transfer)
                .map(
                        it ->
                                it.state() == TopUpState.COMPLETED && !returning.isGivenBack(it)
                                        ? Fate.IN_THE_WALLET
                                        : Fate.NOT_KEPT)
                .orElse(Fate.NOT_BEGUN);
    }

    /** The code of {@link #refusalOf}. */
    public static String declined() {
        return CARD_DECLINED.code();
    }
}
