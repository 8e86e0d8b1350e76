package kvit.card;

import static kvit.card.CardProblem.CARD_DUPLICATE;
import static kvit.card.CardProblem.CARD_EXPIRED;
import static kvit.card.CardProblem.CARD_INVALID;
import static kvit.card.CardProblem.CARD_LIMIT_REACHED;
import static kvit.card.CardProblem.CARD_PROCESSOR_UNAVAILABLE;
import static kvit.card.CardProblem.DETAILS_MISSING;
import static kvit.identity.PersonProblem.CUSTOMER_FROZEN;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import kvit.card.EnrolCard.Attempt;
import kvit.card.EnrolCard.Order;
import kvit.identity.People;
import kvit.identity.Person;
import kvit.problem.Problem;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/** Says whether somebody may add a card, and makes room for it; within the claim. */
@ApplicationScoped
class DecideEnrolment {

    /** As the table has it. */
    static final int CARDS_MAX = 5;

    /** Cards are good for five years or so, and nobody's for so many. */
    private static final int YEARS_MAX = 20;

    /** A card is good until its last month is over everywhere, and this is where it is last. */
    private static final ZoneOffset LAST_PLACE = ZoneOffset.ofHours(-12);

    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private final CardStore store;
    private final EnrolmentStore enrolments;
    private final Vault vault;
    private final People people;
    private final CardConfig config;
    private final Clock clock;

    DecideEnrolment(
            CardStore store,
            EnrolmentStore enrolments,
            Vault vault,
            People people,
            CardConfig config,
            Clock clock) {
        this.store = store;
        this.enrolments = enrolments;
        this.vault = vault;
        this.people = people;
        this.config = config;
        this.clock = clock;
    }

    static Problem underWay() {
        return CARD_PROCESSOR_UNAVAILABLE
                .because("The processor is being asked about this card; send the same again.")
                .retryAfter(AT_ONCE);
    }

    /** One rule after the other, in the order of problems. */
    @Nullable Problem refusal(Attempt attempt) {
        var person =
                Objects.requireNonNull(
                        people.byIds(List.of(attempt.customer())).get(attempt.customer()));
        if (!person.mayMoveMoney()) {
            return CUSTOMER_FROZEN.because("Your wallet is frozen; ask the support.");
        }
        var missing = missing(person);
        if (!missing.isEmpty()) {
            return DETAILS_MISSING
                    .because("PATCH /v1/me first, with " + String.join(" and ", missing) + ".")
                    .with("missing", missing);
        }
        var order = attempt.order();
        var thisMonth = thisMonth();
        var number = CardNumber.parse(order.number()).filter(it -> isComplete(order, it));
        if (number.isEmpty() || order.expiry().isAfter(thisMonth.plusYears(YEARS_MAX))) {
            return CARD_INVALID.because("Compare number, expiry and code with the card.");
        }
        if (order.expiry().isBefore(thisMonth)) {
            return CARD_EXPIRED.because("It was good until " + order.expiry() + ".");
        }
        return null;
    }

    private static List<String> missing(Person person) {
        var missing = new ArrayList<String>();
        if (person.displayName() == null) {
            missing.add("displayName");
        }
        if (person.birthDate() == null) {
            missing.add("birthDate");
        }
        if (person.country().isEmpty()) {
            missing.add("country");
        }
        return missing;
    }

    private static boolean isComplete(Order order, CardNumber number) {
        return order.cvc().length() == number.brand().cvcLength();
    }

    private YearMonth thisMonth() {
        return YearMonth.from(clock.instant().atOffset(LAST_PLACE));
    }

    /**
     * Of two that race for a number or a slot, the table lets in one, and the other decides anew.
     */
    @Nullable Problem store(UUID id, Attempt attempt) {
        var order = attempt.order();
        var number = CardNumber.parse(order.number()).orElseThrow();
        var fingerprint = vault.fingerprint(number);
        takeOver(attempt.customer(), fingerprint);
        if (store.isThere(fingerprint, attempt.customer(), !config.sharedAllowed())) {
            // In the same words wherever it is: whose it is, is nobody's business.
            return CARD_DUPLICATE.because("It is here already; remove it there first.");
        }
        store.freeSlotsOfBefore(attempt.customer(), thisMonth());
        var slot = freeSlot(attempt.customer());
        if (slot.isEmpty()) {
            return CARD_LIMIT_REACHED
                    .because("Remove one of the " + CARDS_MAX + " first.")
                    .with("limit", CARDS_MAX);
        }
        var card =
                new Card(
                        id,
                        attempt.customer(),
                        CardState.PENDING_VERIFICATION,
                        number.brand(),
                        number.last4(),
                        order.expiry(),
                        null,
                        null,
                        null,
                        clock.instant());
        store.insert(
                card,
                vault.seal(new Vault.Owner(id, attempt.customer()), number, order.holder()),
                fingerprint,
                !config.sharedAllowed(),
                slot.get());
        return null;
    }

    /**
     * Nobody sees a card that the processor was asked about in vain, so nobody could remove it.
     *
     * @throws Problem CARD_PROCESSOR_UNAVAILABLE while it is being asked
     */
    private void takeOver(UUID customer, byte[] fingerprint) {
        for (var card : store.lockUnanswered(customer, fingerprint)) {
            if (isAsked(card)) {
                throw underWay();
            }
            cutOff(card);
        }
    }

    /** Nor could anybody make room by removing it. */
    private Optional<Integer> freeSlot(UUID customer) {
        var slot = store.freeSlot(customer, CARDS_MAX);
        if (slot.isPresent()) {
            return slot;
        }
        store.lockUnanswered(customer, null).stream()
                .filter(it -> !isAsked(it))
                .forEach(this::cutOff);
        return store.freeSlot(customer, CARDS_MAX);
    }

    private boolean isAsked(Card card) {
        return enrolments.isAsked(card.customer(), card.id(), clock.instant());
    }

    private void cutOff(Card card) {
        store.cutOff(card, clock.instant());
    }
}
