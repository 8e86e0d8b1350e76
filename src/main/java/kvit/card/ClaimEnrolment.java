package kvit.card;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import kvit.card.EnrolCard.Attempt;
import kvit.card.EnrolCard.Order;
import kvit.idempotency.Answer;
import kvit.idempotency.Answers;
import kvit.identity.People;
import kvit.ledger.MoneyTransactions;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Ids;
import org.jspecify.annotations.Nullable;

/** The first transaction of adding a card: takes the key, or finds what it stands for. */
@ApplicationScoped
class ClaimEnrolment {

    /**
     * What the transaction has come to: an answer, or a card to be registered.
     *
     * @param isRepeated whether the processor may know the card from a request of before
     * @param payee its owner, as the processor is to know them
     */
    record Claimed(
            @Nullable Answer answer,
            @Nullable UUID card,
            boolean isRepeated,
            @Nullable Payee payee) {

        static Claimed answered(@Nullable Answer answer) {
            return new Claimed(answer, null, false, null);
        }
    }

    private final CardStore store;
    private final EnrolmentStore enrolments;
    private final EnrolmentLimits limits;
    private final DecideEnrolment decide;
    private final ConcludeEnrolment conclude;
    private final Vault vault;
    private final People people;
    private final Answers answers;
    private final Clock clock;
    private final Ids ids;

    ClaimEnrolment(
            CardStore store,
            EnrolmentStore enrolments,
            EnrolmentLimits limits,
            DecideEnrolment decide,
            ConcludeEnrolment conclude,
            Vault vault,
            People people,
            Answers answers,
            Clock clock,
            Ids ids) {
        this.store = store;
        this.enrolments = enrolments;
        this.limits = limits;
        this.decide = decide;
        this.conclude = conclude;
        this.vault = vault;
        this.people = people;
        this.answers = answers;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * @param until so long nobody else asks the processor
     * @throws Problem TOO_MANY_REQUESTS; CARD_PROCESSOR_UNAVAILABLE while another request asks
     */
    Claimed claim(Attempt attempt, Instant until) {
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
        var refusal = decide.refusal(attempt);
        var card = refusal == null ? ids.next() : null;
        if (card != null) {
            refusal = decide.store(card, attempt);
        }
        var claimed =
                card != null && refusal == null
                        ? toBeRegistered(attempt, card, false)
                        : Claimed.answered(
                                answers.of(Objects.requireNonNull(refusal), attempt.requestId()));
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
        var first = enrolments.answer(attempt).orElse(null);
        if (first != null) {
            return Claimed.answered(first);
        }
        if (card.state() != CardState.PENDING_VERIFICATION) {
            var answer = conclude.givenUp(attempt, card);
            enrolments.answered(attempt, answer);
            return Claimed.answered(answer);
        }
        if (!enrolments.ask(attempt, clock.instant(), until)) {
            throw DecideEnrolment.underWay();
        }
        return toBeRegistered(attempt, id, true);
    }

    private Claimed toBeRegistered(Attempt attempt, UUID card, boolean isRepeated) {
        var customer = attempt.customer();
        var person = Objects.requireNonNull(people.byIds(List.of(customer)).get(customer));
        return new Claimed(
                null,
                card,
                isRepeated,
                new Payee(
                        customer,
                        person.country(),
                        person.birthDate(),
                        attempt.order().acceptedFrom(),
                        store.wayOutOf(customer).orElse(null)));
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
        return answers.reused(attempt.requestId(), "cardId", card.isKnown() ? card.id() : null);
    }
}
