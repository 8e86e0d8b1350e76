package kvit.card;

import static kvit.card.CardProblem.CARD_DECLINED;
import static kvit.card.CardProblem.CARD_NOT_VERIFIABLE;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import kvit.card.EnrolCard.Attempt;
import kvit.idempotency.Answer;
import kvit.idempotency.Answers;
import kvit.identity.Confirmations;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/**
 * The second transaction of adding a card: what the processor has said of it, and the answer to
 * whoever asked.
 */
@ApplicationScoped
class ConcludeEnrolment {

    private final CardStore store;
    private final EnrolmentStore enrolments;
    private final Confirmations confirmations;
    private final Answers answers;
    private final Clock clock;

    ConcludeEnrolment(
            CardStore store,
            EnrolmentStore enrolments,
            Confirmations confirmations,
            Answers answers,
            Clock clock) {
        this.store = store;
        this.enrolments = enrolments;
        this.confirmations = confirmations;
        this.answers = answers;
        this.clock = clock;
    }

    /** Whoever has the card's row decides alone; who comes later finds the answer. */
    Answer conclude(Attempt attempt, UUID id, @Nullable Registration registration) {
        var card = store.lock(attempt.customer(), id).orElseThrow();
        var first = enrolments.answer(attempt);
        if (first.isPresent()) {
            return first.get();
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
            store.cutOff(card, clock.instant());
            return givenUp(attempt, card);
        }
        if (registration instanceof Registration.Registered registered) {
            store.registered(card.id(), registered);
            var sent = confirmations.requestForCard(card.id(), card.customer(), card.last4());
            return answers.of(201, CardView.of(card.registered(registered), sent));
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

    /** Of a card that has ended before its processor could be heard. */
    Answer givenUp(Attempt attempt, Card card) {
        return answers.of(
                CARD_NOT_VERIFIABLE
                        .because("It was given up meanwhile; add it anew under a new key.")
                        .with("cardId", card.id()),
                attempt.requestId());
    }
}
