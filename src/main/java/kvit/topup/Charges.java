package kvit.topup;

import static kvit.card.CardProblem.CARD_DECLINED;
import static kvit.card.CardProblem.CARD_NOT_ACTIVE;
import static kvit.card.CardProblem.CARD_NOT_FOUND;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import kvit.card.CardProcessor;
import kvit.card.CardState;
import kvit.card.Cards;
import kvit.card.Funding;
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

    private static final Logger LOG = Logger.getLogger(Charges.class);

    private final TopUpStore store;
    private final Cards cards;
    private final TopUpSettlement settlement;
    private final CardProcessor processor;
    private final MoneyTransactions transactions;
    private final TopUpConfig config;
    private final Clock clock;
    private final Ids ids;

    Charges(
            TopUpStore store,
            Cards cards,
            TopUpSettlement settlement,
            CardProcessor processor,
            MoneyTransactions transactions,
            TopUpConfig config,
            Clock clock,
            Ids ids) {
        this.store = store;
        this.cards = cards;
        this.settlement = settlement;
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
        return new Payable(
                found.id(),
                funding.instrument(),
                found.state() == CardState.ACTIVE
                        ? null
                        : CARD_NOT_ACTIVE.because("It waits for its code, or has been removed."));
    }

    /**
     * Writes that a card is about to be charged for a transfer, in the transaction that makes it.
     * Whoever has done it calls {@link #carryOut} as soon as that is committed.
     *
     * @param amount as much as is charged, which may be less than the transfer
     */
    public void intend(UUID transfer, UUID customer, UUID card, Money amount) {
        var found = cards.find(customer, card).orElseThrow();
        var sending = new TopUp.Sending(ids.next(), clock.instant());
        store.insertPaying(
                TopUp.intended(ids.next(), customer, card, amount, found.reference(), sending)
                        .payingFor(transfer),
                sending.at().plus(TopUpWallet.UNDER_WAY));
    }

    /**
     * Charges the card, in no transaction, and writes what the processor says, with what becomes of
     * the transfer. To be called by whoever has made the transfer, and by nobody else.
     */
    public void carryOut(UUID transfer) {
        var topUp = store.findPaying(transfer).orElseThrow();
        var sentAt = Objects.requireNonNull(topUp.sending()).at();
        var result =
                clock.instant().isAfter(sentAt.plus(TopUpWallet.UNDER_WAY))
                        ? new Result.NotSent(Reason.TOO_LATE)
                        : processor.carryOut(topUp.charge());
        transactions.keyed(() -> conclude(topUp, result));
    }

    /**
     * What is in a wallet and has this name at the processor. What is still pending has nothing
     * that could be held, and what was declined goes back.
     */
    public Optional<Charged> charged(String name) {
        return store.charged(name);
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

    /** Why a transfer was declined whose card was not charged. */
    public Problem refusalOf(UUID transfer) {
        var topUp = store.findPaying(transfer).orElseThrow();
        return CARD_DECLINED
                .because("Nothing was charged; try another card, or ask your bank.")
                .with("declineCode", Objects.requireNonNull(topUp.declineCode()));
    }

    /** The code of {@link #refusalOf}. */
    public static String declined() {
        return CARD_DECLINED.code();
    }
}
