package kvit.card;

import static kvit.card.CardProblem.CARD_NOT_FOUND;
import static kvit.card.CardProblem.CARD_NOT_VERIFIABLE;
import static kvit.card.CardProblem.PIN_MISSING;
import static kvit.identity.PersonProblem.CUSTOMER_FROZEN;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import kvit.identity.Confirmations;
import kvit.identity.People;
import kvit.identity.Pins;
import kvit.ledger.MoneyTransactions;
import kvit.outbox.Outbox;
import kvit.problem.Problem;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/** Activates a card with the code that was sent for it. */
@ApplicationScoped
class VerifyCard {

    private record Verified(Card card, @Nullable Problem refusal) {}

    private final CardStore store;
    private final People people;
    private final Pins pins;
    private final Confirmations confirmations;
    private final CardOwners owners;
    private final MoneyTransactions transactions;
    private final Outbox outbox;
    private final CardConfig config;
    private final Clock clock;

    VerifyCard(
            CardStore store,
            People people,
            Pins pins,
            Confirmations confirmations,
            CardOwners owners,
            MoneyTransactions transactions,
            Outbox outbox,
            CardConfig config,
            Clock clock) {
        this.store = store;
        this.people = people;
        this.pins = pins;
        this.confirmations = confirmations;
        this.owners = owners;
        this.transactions = transactions;
        this.outbox = outbox;
        this.config = config;
        this.clock = clock;
    }

    /**
     * The right code of a card that is active already changes nothing, so this needs no key.
     *
     * @return the card, active
     * @throws Problem CARD_NOT_FOUND, CARD_NOT_VERIFIABLE, CUSTOMER_FROZEN, PIN_MISSING,
     *     TOO_MANY_ATTEMPTS, CODE_WRONG
     */
    Card verify(UUID customer, UUID id, String code) {
        var verified = transactions.keyed(() -> inTransaction(customer, id, code));
        if (verified.refusal() != null) {
            throw verified.refusal();
        }
        return verified.card();
    }

    /**
     * A card that waits for a code, for whoever wants to have another one sent.
     *
     * @throws Problem CARD_NOT_FOUND, CARD_NOT_VERIFIABLE
     */
    Card requireWaiting(UUID customer, UUID id) {
        var card = store.find(customer, id).filter(Card::isKnown).orElseThrow(VerifyCard::notFound);
        if (!isWaiting(card)) {
            throw notVerifiable();
        }
        return card;
    }

    /** A refusal is returned and commits, because a wrong try counts. */
    private Verified inTransaction(UUID customer, UUID id, String code) {
        var card = store.lock(customer, id).filter(Card::isKnown).orElseThrow(VerifyCard::notFound);
        if (card.state() == CardState.ACTIVE) {
            return new Verified(card, confirmations.refusal(id, code));
        }
        var refusal = isWaiting(card) ? refusal(card, code) : notVerifiable();
        if (refusal != null) {
            return new Verified(card, refusal);
        }
        store.activated(id, clock.instant());
        outbox.add(List.of(new CardActivated(id, customer)));
        owners.activated(customer);
        return new Verified(card.become(CardState.ACTIVE), null);
    }

    private boolean isWaiting(Card card) {
        return card.state() == CardState.PENDING_VERIFICATION
                && clock.instant().isBefore(card.createdAt().plus(config.enrolmentLife()));
    }

    private @Nullable Problem refusal(Card card, String code) {
        var person =
                Objects.requireNonNull(people.byIds(List.of(card.customer())).get(card.customer()));
        if (!person.mayMoveMoney()) {
            return CUSTOMER_FROZEN.because("Your wallet is frozen; ask the support.");
        }
        if (!pins.isSet(card.customer())) {
            return PIN_MISSING.because("PUT /v1/me/pin first; the code is good until it expires.");
        }
        return confirmations.refusal(card.id(), code);
    }

    private static Problem notFound() {
        return CARD_NOT_FOUND.because("No such card of yours.");
    }

    private static Problem notVerifiable() {
        return CARD_NOT_VERIFIABLE.because("It has waited for too long, or was removed.");
    }
}
