package kvit.transfer;

import static kvit.identity.PersonProblem.CUSTOMER_FROZEN;
import static kvit.transfer.TransferProblem.PAYEE_NOT_FOUND;
import static kvit.transfer.TransferProblem.PAYER_IS_PAYEE;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import kvit.idempotency.Answer;
import kvit.identity.LookUps;
import kvit.identity.People;
import kvit.identity.Person;
import kvit.identity.PersonRef;
import kvit.identity.Sight;
import kvit.identity.Visibility;
import kvit.ledger.Ledger;
import kvit.money.Money;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.rules.Demand;
import kvit.rules.Limits;
import kvit.rules.Rules;
import kvit.source.Clock;
import kvit.source.Ids;
import org.jspecify.annotations.Nullable;

/**
 * Moves money from one person's wallet to another's, once per key; or holds it, where the rules
 * want more than the payer's word.
 */
@ApplicationScoped
class SendMoney {

    /**
     * What somebody wants to send. One that exists is well-formed; whether it is allowed comes
     * later.
     */
    record Order(
            PersonRef payee,
            Money amount,
            @Nullable String note,
            @Nullable Visibility visibility,
            @Nullable String reference,
            @Nullable String conversation,
            @Nullable CardSource funding,
            @Nullable ShareRef share) {

        /** Paid for by the wallet. */
        Order(
                PersonRef payee,
                Money amount,
                @Nullable String note,
                @Nullable Visibility visibility,
                @Nullable String reference,
                @Nullable String conversation) {
            this(payee, amount, note, visibility, reference, conversation, null, null);
        }

        /**
         * @throws Problem VALIDATION_FAILED when the payee is named in no or in two ways
         */
        Order {
            if (!payee.namesOne()) {
                throw GeneralProblem.invalid(
                        "/payee", "must have one of customerId, handle, phone");
            }
        }
    }

    private final OncePerKey oncePerKey;
    private final People people;
    private final LookUps lookUps;
    private final Rules rules;
    private final Limits limits;
    private final Ledger ledger;
    private final UnderWay underWay;
    private final ShareClaims shareClaims;
    private final RequestConfirmations requestConfirmations;
    private final Arrivals arrivals;
    private final TransferConfig config;
    private final Clock clock;
    private final Ids ids;

    SendMoney(
            OncePerKey oncePerKey,
            People people,
            LookUps lookUps,
            Rules rules,
            Limits limits,
            Ledger ledger,
            UnderWay underWay,
            ShareClaims shareClaims,
            RequestConfirmations requestConfirmations,
            Arrivals arrivals,
            TransferConfig config,
            Clock clock,
            Ids ids) {
        this.oncePerKey = oncePerKey;
        this.people = people;
        this.lookUps = lookUps;
        this.rules = rules;
        this.limits = limits;
        this.ledger = ledger;
        this.underWay = underWay;
        this.shareClaims = shareClaims;
        this.requestConfirmations = requestConfirmations;
        this.arrivals = arrivals;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * What became of an attempt.
     *
     * @param answer 201 with the transfer, or 422 with the refusal, both as first given
     * @param isLookUp whether it told who is a customer, and so has to be counted
     */
    record Sent(Answer answer, boolean isLookUp) {}

    /**
     * Answers each attempt. A list of one is the usual case; a longer one shares its transaction
     * and nothing else.
     */
    List<Answer> send(List<Attempt<Order>> attempts) {
        Set<Attempt<Order>> lookedUp = Collections.newSetFromMap(new IdentityHashMap<>());
        var answers = oncePerKey.carryOut(attempts, fresh -> carryOut(fresh, lookedUp));
        var sent = sent(attempts, answers, lookedUp);
        for (var i = 0; i < sent.size(); i++) {
            if (sent.get(i).isLookUp()) {
                note(attempts.get(i));
            }
        }
        return answers;
    }

    /**
     * The same for attempts of many, who would wait for one another: it fails soon where one of
     * them cannot be carried out now, and counts no look-ups.
     */
    List<Sent> sendTogether(List<Attempt<Order>> attempts) {
        Set<Attempt<Order>> lookedUp = Collections.newSetFromMap(new IdentityHashMap<>());
        var answers = oncePerKey.carryOutTogether(attempts, fresh -> carryOut(fresh, lookedUp));
        return sent(attempts, answers, lookedUp);
    }

    private List<Decision<Order>> carryOut(
            List<Attempt<Order>> fresh, Set<Attempt<Order>> lookedUp) {
        var decisions = decide(fresh);
        requestConfirmations.request(decisions.stream().map(Decision::transfer).toList());
        lookedUp.clear();
        decisions.stream().filter(SendMoney::isLookUp).forEach(it -> lookedUp.add(it.attempt()));
        return decisions;
    }

    private static List<Sent> sent(
            List<Attempt<Order>> attempts, List<Answer> answers, Set<Attempt<Order>> lookedUp) {
        var sent = new ArrayList<Sent>();
        for (var i = 0; i < answers.size(); i++) {
            sent.add(new Sent(answers.get(i), lookedUp.contains(attempts.get(i))));
        }
        return sent;
    }

    /** Counts a look-up: afterwards, because counting takes a connection of its own. */
    void note(Attempt<Order> attempt) {
        lookUps.note(attempt.payer());
    }

    /** Whether more has to be asked before this attempt may be made: by {@link #requireLookUp}. */
    boolean mayBeOneLookUpTooMany(Attempt<Order> attempt) {
        return attempt.order().payee().customerId() == null
                && lookUps.blockedFor(attempt.payer()).isPresent();
    }

    /**
     * Nothing moved, and somebody knows now whether a phone or a handle is a customer's. What waits
     * can be taken back, so it costs as little.
     */
    private static boolean isLookUp(Decision<Order> decision) {
        return decision.transfer().completedAt() == null
                && decision.attempt().order().payee().customerId() == null;
    }

    /**
     * Refuses an attempt that would be one look-up too many. A replay never is: it tells nothing
     * that was not told before.
     *
     * @throws Problem TOO_MANY_REQUESTS
     */
    void requireLookUp(Attempt<Order> attempt) {
        if (attempt.order().payee().customerId() == null) {
            lookUps.blockedFor(attempt.payer())
                    .filter(wait -> !oncePerKey.isKnown(attempt))
                    .ifPresent(
                            wait -> {
                                throw LookUps.tooMany(wait);
                            });
        }
    }

    /** In the caller's transaction. */
    List<Decision<Order>> decide(List<Attempt<Order>> attempts) {
        var now = clock.instant();
        var known = people.sight(refs(attempts));
        var unpayable = shareClaims.refusals(attempts);
        var decisions =
                demanded(
                        attempts.stream()
                                .map(it -> decide(it, unpayable.get(it), known, now))
                                .toList(),
                        now);
        var allowed = decisions.stream().filter(Decision::isAllowed).toList();
        if (allowed.isEmpty()) {
            return decisions;
        }
        var withinLimits =
                new WithinLimits(
                        limits,
                        allowed.stream().map(SendMoney::candidate).toList(),
                        it -> toConfirm(it, false, now),
                        now);
        expectCharges(allowed, withinLimits);
        var outcomes =
                ledger.post(
                        allowed.stream().map(it -> it.transfer().move("transfer")).toList(),
                        withinLimits);
        withinLimits.write();
        var settled = Decision.settle(waiting(decisions, withinLimits.toConfirm()), outcomes);
        shareClaims.made(settled);
        return settled;
    }

    /**
     * What cards are being charged for, and what nobody has claimed yet, counts among what somebody
     * sends on their word alone. Where nobody has a threshold, nobody is asked about.
     */
    private void expectCharges(List<Decision<Order>> allowed, WithinLimits withinLimits) {
        var payers = new HashSet<UUID>();
        for (var decision : allowed) {
            if (!Objects.requireNonNull(decision.ruling()).thresholds().isEmpty()) {
                payers.add(decision.transfer().payer());
            }
        }
        if (!payers.isEmpty()) {
            withinLimits.expectingOnWord(underWay.of(payers));
        }
    }

    private static WithinLimits.Candidate candidate(Decision<Order> decision) {
        var ruling = Objects.requireNonNull(decision.ruling());
        return new WithinLimits.Candidate(
                decision.transfer(), ruling.limits(), ruling.thresholds(), WithinLimits.Word.SENT);
    }

    private static List<Decision<Order>> waiting(
            List<Decision<Order>> decisions, Map<UUID, Transfer> toConfirm) {
        if (toConfirm.isEmpty()) {
            return decisions;
        }
        return decisions.stream()
                .map(
                        it -> {
                            var waits = toConfirm.get(it.transfer().id());
                            return waits == null ? it : it.waiting(waits);
                        })
                .toList();
    }

    private Decision<Order> decide(
            Attempt<Order> attempt, @Nullable Problem unpayable, Sight known, Instant now) {
        var payer = known.person(PersonRef.of(attempt.payer()));
        var recipient = Recipient.of(attempt, known, people);
        var payee = Recipient.personOf(recipient);
        var transfer = transfer(attempt, payer, recipient, now);
        var refusal = unpayable == null ? refusal(attempt.payer(), payer, payee) : unpayable;
        if (refusal != null || payer == null || payee == null) {
            return Decision.refused(attempt, transfer, Objects.requireNonNull(refusal));
        }
        var ruling =
                Ruling.of(rules, payer, payee, attempt.client(), attempt.order().amount(), now);
        var decision =
                ruling.refusal() == null
                        ? Decision.allowed(attempt, transfer, payer, payee)
                        : Decision.refused(attempt, transfer, ruling.refusal());
        return decision.by(ruling);
    }

    /**
     * Those that are allowed as they are made: what is demanded of payees is asked about at once.
     */
    private List<Decision<Order>> demanded(List<Decision<Order>> decisions, Instant now) {
        return arrivals.knowing(decisions).stream()
                .map(
                        it ->
                                it.hasToWait()
                                        ? it.made(
                                                asDemanded(
                                                        it.transfer(),
                                                        Objects.requireNonNull(it.ruling()),
                                                        now))
                                        : it)
                .toList();
    }

    /**
     * What is waited for comes one after the other: the payer first, then the review, and then the
     * payee, who is not here or cannot receive yet.
     */
    Transfer asDemanded(Transfer transfer, Ruling ruling, Instant now) {
        var demands = ruling.demands();
        var review = demands.contains(Demand.REVIEW);
        if (demands.contains(Demand.CONFIRMATION)) {
            return toConfirm(transfer, review, now);
        }
        if (review) {
            return transfer.waiting(TransferState.PENDING, now.plus(config.reviewLife()), true);
        }
        return transfer.phone() != null || demands.contains(Demand.CARD)
                ? transfer.waiting(
                        TransferState.UNCLAIMED, now.plus(arrivals.within(ruling)), false)
                : transfer;
    }

    private Transfer toConfirm(Transfer transfer, boolean review, Instant now) {
        return transfer.waiting(
                TransferState.REQUIRES_CONFIRMATION, now.plus(config.confirmationLife()), review);
    }

    static Set<PersonRef> refs(List<Attempt<Order>> attempts) {
        var refs = new HashSet<PersonRef>();
        for (var attempt : attempts) {
            refs.add(attempt.order().payee());
            refs.add(PersonRef.of(attempt.payer()));
        }
        return refs;
    }

    /**
     * Nobody, where one of the two has blocked the other. A share is paid all the same: who asked
     * for it is known to its payer, and what was owed before the block still is.
     */
    static @Nullable Person payee(Attempt<Order> attempt, Sight known) {
        var order = attempt.order();
        return order.share() == null
                ? known.seenBy(attempt.payer(), order.payee())
                : known.person(order.payee());
    }

    /**
     * One rule a line, in the order of {@link TransferProblem}; the rules of countries come next,
     * and the ledger has the last word.
     */
    static @Nullable Problem refusal(UUID payerId, @Nullable Person payer, @Nullable Person payee) {
        if (payee != null && payee.id().equals(payerId)) {
            return PAYER_IS_PAYEE.because("You cannot send money to yourself.");
        }
        if (payee == null) {
            return PAYEE_NOT_FOUND.because("Nobody here is known by that name or number.");
        }
        if (payer == null || !payer.mayMoveMoney()) {
            return CUSTOMER_FROZEN.because("Your wallet is frozen; ask the support.");
        }
        if (!payee.mayMoveMoney()) {
            return CUSTOMER_FROZEN.because("The payee cannot receive money right now.");
        }
        return null;
    }

    /** As it would be completed at once; a refusal turns it into the record of one. */
    Transfer transfer(
            Attempt<Order> attempt,
            @Nullable Person payer,
            @Nullable Recipient recipient,
            Instant now) {
        var order = attempt.order();
        var payee = Recipient.personOf(recipient);
        return new Transfer(
                ids.next(),
                attempt.payer(),
                Recipient.idOf(recipient),
                Recipient.phoneOf(recipient),
                order.amount(),
                order.note(),
                visibility(order, payer, payee),
                order.reference(),
                order.conversation(),
                TransferState.COMPLETED,
                null,
                null,
                0,
                now,
                now,
                null,
                false,
                null,
                order.share(),
                false);
    }

    /** What the payer wishes, by default or this time, and never more than the payee wishes. */
    private static Visibility visibility(
            Order order, @Nullable Person payer, @Nullable Person payee) {
        if (payer == null || payee == null) {
            return Visibility.PRIVATE;
        }
        var wish = order.visibility() == null ? payer.visibility() : order.visibility();
        return wish.stricter(payee.visibility());
    }
}
