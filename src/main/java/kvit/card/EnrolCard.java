package kvit.card;

import static kvit.card.CardProblem.CARD_DECLINED;
import static kvit.card.CardProblem.CARD_DUPLICATE;
import static kvit.card.CardProblem.CARD_EXPIRED;
import static kvit.card.CardProblem.CARD_INVALID;
import static kvit.card.CardProblem.CARD_LIMIT_REACHED;
import static kvit.card.CardProblem.CARD_NOT_VERIFIABLE;
import static kvit.card.CardProblem.CARD_PROCESSOR_UNAVAILABLE;
import static kvit.card.CardProblem.DETAILS_MISSING;
import static kvit.idempotency.KeyProblem.IDEMPOTENCY_KEY_REUSED;
import static kvit.identity.PersonProblem.CUSTOMER_FROZEN;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import kvit.idempotency.Answer;
import kvit.idempotency.Answers;
import kvit.idempotency.IdempotencyKey;
import kvit.identity.Confirmations;
import kvit.identity.People;
import kvit.identity.Person;
import kvit.ledger.MoneyTransactions;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Ids;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Adds a card: its number goes into the vault, the processor hears of it, and its holder is sent a
 * code.
 *
 * <p>The processor is called between two database transactions. The first one takes the key and
 * stores the card, the second one what the processor said. Whoever was cut off in between repeats
 * the request, code on the card included, and goes on with the same card; or adds the same number
 * under another key, which ends the first one. Of those who ask at the same time one asks the
 * processor, and the others are told to come back for its answer. That one has it to itself for a
 * while only saves calls: what two of them heard is written once, by the first to lock the card.
 */
@ApplicationScoped
class EnrolCard {

    /** What is asked for. The code on the card is passed on and is nowhere else. */
    record Order(String number, YearMonth expiry, String cvc, String holder) {

        @Override
        public String toString() {
            return "a card";
        }
    }

    /**
     * A request to add a card under a key.
     *
     * @param requestId of the HTTP request, for the answer
     */
    record Attempt(UUID customer, IdempotencyKey key, String requestId, Order order) {}

    /**
     * What the first transaction has come to: an answer, or a card to be registered.
     *
     * @param isRepeated whether the processor may know the card from a request of before
     */
    private record Claimed(@Nullable Answer answer, @Nullable UUID card, boolean isRepeated) {

        static Claimed answered(@Nullable Answer answer) {
            return new Claimed(answer, null, false);
        }
    }

    private static final Logger LOG = Logger.getLogger(EnrolCard.class);

    /** As the table has it. */
    static final int CARDS_MAX = 5;

    /** Cards are good for five years or so, and nobody's for so many. */
    private static final int YEARS_MAX = 20;

    /** A card is good until its last month is over everywhere, and this is where it is last. */
    private static final ZoneOffset LAST_PLACE = ZoneOffset.ofHours(-12);

    private static final Duration SOON = Duration.ofSeconds(5);

    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    /** Longer than registering takes at its longest, with three calls of ten seconds. */
    private static final Duration ASKING = Duration.ofSeconds(40);

    private static final String CUT_OFF = "cut-off";

    private final CardStore store;
    private final EnrolmentStore enrolments;
    private final EnrolmentLimits limits;
    private final Vault vault;
    private final CardProcessor processor;
    private final People people;
    private final Confirmations confirmations;
    private final MoneyTransactions transactions;
    private final Answers answers;
    private final CardConfig config;
    private final Clock clock;
    private final Ids ids;

    EnrolCard(
            CardStore store,
            EnrolmentStore enrolments,
            EnrolmentLimits limits,
            Vault vault,
            CardProcessor processor,
            People people,
            Confirmations confirmations,
            MoneyTransactions transactions,
            Answers answers,
            CardConfig config,
            Clock clock,
            Ids ids) {
        this.store = store;
        this.enrolments = enrolments;
        this.limits = limits;
        this.vault = vault;
        this.processor = processor;
        this.people = people;
        this.confirmations = confirmations;
        this.transactions = transactions;
        this.answers = answers;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Answers 201 with the card, or 422 with the refusal, both as first given.
     *
     * @throws Problem TOO_MANY_REQUESTS; CARD_PROCESSOR_UNAVAILABLE: the same request goes on with
     *     it
     */
    Answer enrol(Attempt attempt) {
        // As exact as the database, which is asked for it again.
        var until = clock.instant().plus(ASKING).truncatedTo(ChronoUnit.MICROS);
        var claimed = transactions.keyed(() -> claim(attempt, until));
        if (claimed.answer() != null) {
            return claimed.answer();
        }
        var card = Objects.requireNonNull(claimed.card());
        try {
            var registration = register(card, attempt.order(), claimed.isRepeated());
            return transactions.keyed(() -> conclude(attempt, card, registration));
        } catch (RuntimeException e) {
            askedInVain(attempt, until, e);
            throw e;
        }
    }

    /** Null where the processor has this card's id for another request. */
    private @Nullable Registration register(UUID card, Order order, boolean isRepeated) {
        Registration registration;
        try {
            registration = processor.register(card, details(order));
        } catch (IllegalStateException e) {
            if (!isRepeated) {
                throw e;
            }
            // With another code, say, which we have not kept: it will be refused for ever.
            LOG.warnf("card %s is not what it was at the processor: %s", card, e.getMessage());
            return null;
        }
        if (registration instanceof Registration.Unknown unknown) {
            throw notYet(card, unknown.reason());
        }
        if (registration instanceof Registration.NotSent notSent) {
            throw notYet(card, notSent.reason());
        }
        return registration;
    }

    /** Whoever repeats the request need not wait for the time that this one had. */
    private void askedInVain(Attempt attempt, Instant until, RuntimeException failure) {
        try {
            transactions.once(
                    () -> {
                        enrolments.askedInVain(attempt, until);
                        return until;
                    });
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private static Problem notYet(UUID card, Reason reason) {
        LOG.warnf("card %s is not registered yet: %s", card, reason);
        return CARD_PROCESSOR_UNAVAILABLE
                .because("Whether the card is good is not known yet; send the same again.")
                .retryAfter(SOON);
    }

    private static Problem underWay() {
        return CARD_PROCESSOR_UNAVAILABLE
                .because("The processor is being asked about this card; send the same again.")
                .retryAfter(AT_ONCE);
    }

    private Claimed claim(Attempt attempt, Instant until) {
        var known = enrolments.find(attempt.customer(), attempt.key().value());
        if (known.isEmpty()) {
            enrolments.oneAfterAnother(attempt.customer());
            // Whoever was let through before may have taken this very key.
            known = enrolments.find(attempt.customer(), attempt.key().value());
        }
        if (known.isPresent()) {
            return known(attempt, known.get(), until);
        }
        limits.require(attempt.customer());
        var refusal = refusal(attempt);
        var card = refusal == null ? ids.next() : null;
        if (card != null) {
            refusal = store(card, attempt);
        }
        var claimed =
                refusal == null
                        ? new Claimed(null, card, false)
                        : Claimed.answered(answers.of(refusal, attempt.requestId()));
        if (!enrolments.insert(
                attempt,
                claimed.card(),
                refusal == null ? until : null,
                claimed.answer(),
                clock.instant())) {
            throw new MoneyTransactions.Superseded("another request has the same key");
        }
        return claimed;
    }

    /** A refusal that has left no card has nothing of the number either to compare it with. */
    private Claimed known(Attempt attempt, EnrolmentStore.Stored known, Instant until) {
        if (known.card() == null) {
            return Claimed.answered(known.answer());
        }
        var card = store.find(attempt.customer(), known.card()).orElseThrow();
        if (!isOf(attempt.order(), card)) {
            return Claimed.answered(reused(attempt, card));
        }
        return known.answer() == null
                ? goOn(attempt, card.id(), until)
                : Claimed.answered(known.answer());
    }

    /** What has ended meanwhile is nothing to ask the processor about. */
    private Claimed goOn(Attempt attempt, UUID id, Instant until) {
        var card = store.lock(attempt.customer(), id).orElseThrow();
        var first = answer(attempt);
        if (first != null) {
            return Claimed.answered(first);
        }
        if (card.state() != CardState.PENDING_VERIFICATION) {
            var answer = givenUp(attempt, card);
            enrolments.answered(attempt, answer);
            return Claimed.answered(answer);
        }
        if (!enrolments.ask(attempt, clock.instant(), until)) {
            throw underWay();
        }
        return new Claimed(null, id, true);
    }

    private @Nullable Answer answer(Attempt attempt) {
        return enrolments
                .find(attempt.customer(), attempt.key().value())
                .map(EnrolmentStore.Stored::answer)
                .orElse(null);
    }

    private Answer givenUp(Attempt attempt, Card card) {
        return answers.of(
                CARD_NOT_VERIFIABLE
                        .because("It was given up meanwhile; add it anew under a new key.")
                        .with("cardId", card.id()),
                attempt.requestId());
    }

    /**
     * Whether this is the request that the card came from. Compared with the vault, so that nothing
     * by which a number could be found by trying has to outlive the card; once that is empty, with
     * what the card still shows.
     */
    private boolean isOf(Order order, Card card) {
        if (!order.expiry().equals(card.expiry()) || !order.number().endsWith(card.last4())) {
            return false;
        }
        var owner = new Vault.Owner(card.id(), card.customer());
        return store.sealed(owner)
                .map(it -> vault.open(owner, it))
                .map(
                        it ->
                                it.number().digits().equals(order.number())
                                        && it.holder().equals(order.holder()))
                .orElse(true);
    }

    private Answer reused(Attempt attempt, Card card) {
        var problem =
                IDEMPOTENCY_KEY_REUSED.because(
                        "Its first use is another request; take a new key for a new one.");
        return answers.of(
                card.isKnown() ? problem.with("cardId", card.id()) : problem, attempt.requestId());
    }

    /** One rule after the other, in the order of problems. */
    private @Nullable Problem refusal(Attempt attempt) {
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
    private @Nullable Problem store(UUID id, Attempt attempt) {
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
            giveUp(card);
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
                .forEach(this::giveUp);
        return store.freeSlot(customer, CARDS_MAX);
    }

    private boolean isAsked(Card card) {
        return enrolments.isAsked(card.customer(), card.id(), clock.instant());
    }

    private void giveUp(Card card) {
        store.ended(card.become(CardState.EXPIRED), CUT_OFF, clock.instant());
    }

    private static CardDetails details(Order order) {
        return new CardDetails(
                CardNumber.parse(order.number()).orElseThrow(),
                order.expiry(),
                order.cvc(),
                order.holder());
    }

    /** Whoever has the card's row decides alone; who comes later finds the answer. */
    private Answer conclude(Attempt attempt, UUID id, @Nullable Registration registration) {
        var card = store.lock(attempt.customer(), id).orElseThrow();
        var first = answer(attempt);
        if (first != null) {
            return first;
        }
        var answer = decide(attempt, card, registration);
        enrolments.answered(attempt, answer);
        return answer;
    }

    private Answer decide(Attempt attempt, Card card, @Nullable Registration registration) {
        if (card.state() != CardState.PENDING_VERIFICATION) {
            return givenUp(attempt, card);
        }
        if (registration == null) {
            giveUp(card);
            return givenUp(attempt, card);
        }
        if (registration instanceof Registration.Registered registered) {
            store.registered(card.id(), registered.reference(), registered.funding());
            var sent = confirmations.requestForCard(card.id(), card.customer(), card.last4());
            return answers.of(
                    201,
                    CardView.of(
                            card.registered(registered.reference(), registered.funding()), sent));
        }
        var code = ((Registration.Declined) registration).code();
        store.ended(card.become(CardState.DECLINED), code, clock.instant());
        return answers.of(
                CARD_DECLINED
                        .because("Whoever issued it does not accept it; try another one.")
                        .with("cardId", card.id())
                        .with("declineCode", code),
                attempt.requestId());
    }
}
