package kvit.card;

import static kvit.card.CardProblem.CARD_PROCESSOR_UNAVAILABLE;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import kvit.idempotency.Answer;
import kvit.idempotency.IdempotencyKey;
import kvit.ledger.MoneyTransactions;
import kvit.problem.Problem;
import kvit.source.Clock;
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
 *
 * <p>The first transaction is {@link ClaimEnrolment}, the second {@link ConcludeEnrolment}.
 */
@ApplicationScoped
class EnrolCard {

    /**
     * What is asked for. The code on the card is passed on and is nowhere else.
     *
     * @param acceptedFrom the address from which its owner has accepted the processor's terms for
     *     being paid out to; null where they have not
     */
    record Order(
            String number,
            YearMonth expiry,
            String cvc,
            String holder,
            @Nullable String acceptedFrom) {

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

    private static final Logger LOG = Logger.getLogger(EnrolCard.class);

    private static final Duration SOON = Duration.ofSeconds(5);

    /** Longer than registering takes at its longest, with six calls of ten seconds. */
    private static final Duration ASKING = Duration.ofSeconds(70);

    private final ClaimEnrolment claim;
    private final ConcludeEnrolment conclude;
    private final EnrolmentStore enrolments;
    private final CardProcessor processor;
    private final MoneyTransactions transactions;
    private final Clock clock;

    EnrolCard(
            ClaimEnrolment claim,
            ConcludeEnrolment conclude,
            EnrolmentStore enrolments,
            CardProcessor processor,
            MoneyTransactions transactions,
            Clock clock) {
        this.claim = claim;
        this.conclude = conclude;
        this.enrolments = enrolments;
        this.processor = processor;
        this.transactions = transactions;
        this.clock = clock;
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
        var claimed = transactions.keyed(() -> claim.claim(attempt, until));
        if (claimed.answer() != null) {
            return claimed.answer();
        }
        var card = Objects.requireNonNull(claimed.card());
        try {
            var details = details(attempt.order(), claimed.payee());
            var registration = register(card, details, claimed.isRepeated());
            return transactions.keyed(() -> conclude.conclude(attempt, card, registration));
        } catch (RuntimeException e) {
            askedInVain(attempt, until, e);
            throw e;
        }
    }

    /** Null where the processor has this card's id for another request. */
    private @Nullable Registration register(UUID card, CardDetails details, boolean isRepeated) {
        Registration registration;
        try {
            registration = processor.register(card, details);
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

    private static CardDetails details(Order order, @Nullable Payee payee) {
        return new CardDetails(
                CardNumber.parse(order.number()).orElseThrow(),
                order.expiry(),
                order.cvc(),
                order.holder(),
                payee);
    }
}
