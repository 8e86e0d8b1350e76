package kvit.request;

import static kvit.identity.PersonProblem.PERSON_NOT_FOUND;
import static kvit.request.RequestProblem.TOO_MANY_PAYERS;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import kvit.idempotency.Answer;
import kvit.idempotency.Answers;
import kvit.idempotency.IdempotencyKey;
import kvit.identity.LookUps;
import kvit.identity.People;
import kvit.identity.Person;
import kvit.identity.PersonRef;
import kvit.identity.Sight;
import kvit.ledger.MoneyTransactions;
import kvit.outbox.Outbox;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.throttle.RateLimits;
import org.jspecify.annotations.Nullable;

/** Asks people for money, once per key. Nothing moves before they pay. */
@ApplicationScoped
class AskForMoney {

    private static final String PATH = "/v1/requests";

    private static final Duration DAY = Duration.ofDays(1);
    private static final int SERVER_ERROR = 500;

    private final RequestStore store;
    private final RequestKeys keys;
    private final AskRules rules;
    private final People people;
    private final LookUps lookUps;
    private final RateLimits rates;
    private final Outbox outbox;
    private final MoneyTransactions transactions;
    private final Answers answers;
    private final RequestConfig config;
    private final Clock clock;
    private final Ids ids;

    AskForMoney(
            RequestStore store,
            RequestKeys keys,
            AskRules rules,
            People people,
            LookUps lookUps,
            RateLimits rates,
            Outbox outbox,
            MoneyTransactions transactions,
            Answers answers,
            RequestConfig config,
            Clock clock,
            Ids ids) {
        this.store = store;
        this.keys = keys;
        this.rules = rules;
        this.people = people;
        this.lookUps = lookUps;
        this.rates = rates;
        this.outbox = outbox;
        this.transactions = transactions;
        this.answers = answers;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Answers 201 with the request, or 422 with the refusal, each as first given.
     *
     * @param requestId of the HTTP request, for the answer
     * @throws Problem TOO_MANY_REQUESTS, PERSON_NOT_FOUND; these leave the key free
     */
    Answer ask(UUID asker, IdempotencyKey key, String requestId, Order order) {
        var claim = keys.claim(asker, key, PATH, order, requestId);
        var id = ids.next();
        // What is known, and what is refused whoever they are, tells nothing of who is a customer.
        var known = transactions.keyed(() -> answeredOrMalformed(claim, id, order));
        if (known != null) {
            return known;
        }
        takeAllowance(asker, order);
        try {
            takeLookUps(asker, order);
            var answer =
                    transactions.keyed(
                            () ->
                                    keys.answer(claim, id)
                                            .orElseGet(() -> asked(asker, claim, id, order)));
            if (answer.isProblem() || answer.replayed()) {
                giveAllowanceBack(asker, order);
            }
            return answer;
        } catch (Problem e) {
            if (e.type().status() < SERVER_ERROR) {
                giveAllowanceBack(asker, order);
            }
            throw e;
        }
    }

    private @Nullable Answer answeredOrMalformed(RequestKeys.Claim claim, UUID id, Order order) {
        return keys.answer(claim, id)
                .orElseGet(
                        () -> {
                            var refusal = refusalOfForm(order);
                            return refusal == null ? null : refused(claim, id, refusal);
                        });
    }

    private @Nullable Problem refusalOfForm(Order order) {
        if (order.payers().size() > config.payersMax()) {
            return TOO_MANY_PAYERS
                    .because("Not more than " + config.payersMax() + " are asked at once.")
                    .with("payersMax", config.payersMax());
        }
        try {
            SharePlan.of(order);
            return null;
        } catch (Problem e) {
            return e;
        }
    }

    /** Takes connections of its own, so it is not done within a transaction. */
    private void takeAllowance(UUID asker, Order order) {
        rates.take(bucket(asker), order.payers().size(), allowance())
                .ifPresent(
                        wait -> {
                            throw GeneralProblem.TOO_MANY_REQUESTS
                                    .because("You have asked very many people today.")
                                    .retryAfter(wait);
                        });
    }

    /** Nobody was asked by it. That of a request whose end nobody knows is not given back. */
    private void giveAllowanceBack(UUID asker, Order order) {
        rates.giveBack(bucket(asker), order.payers().size(), allowance());
    }

    private static String bucket(UUID asker) {
        return "request:" + asker;
    }

    private RateLimits.Limit allowance() {
        return new RateLimits.Limit(config.askedPerDay(), DAY);
    }

    /** Who was looked up was looked up, whatever becomes of the request. */
    private void takeLookUps(UUID asker, Order order) {
        var lookedUp = (int) order.payers().stream().filter(Order.Payer::isLookUp).count();
        if (lookedUp > 0) {
            lookUps.take(asker, lookedUp);
        }
    }

    private Answer asked(UUID asker, RequestKeys.Claim claim, UUID id, Order order) {
        var known = people.sight(refs(asker, order));
        var payers = requireEverybody(asker, order, known);
        var plan = SharePlan.of(order);
        var self = known.person(PersonRef.of(asker));
        var refusal = rules.refusal(self, payers, plan, clock.instant());
        if (refusal != null || self == null) {
            return refused(claim, id, Objects.requireNonNull(refusal));
        }
        var request = request(id, asker, order, plan, payers);
        store.insert(request);
        var everybody = new LinkedHashMap<UUID, Person>();
        payers.forEach(it -> everybody.put(it.id(), it));
        everybody.put(asker, self);
        var answer = answers.of(201, RequestView.of(request, asker, everybody));
        keys.take(claim, id, id, answer, request.createdAt());
        outbox.add(request.asked().stream().map(it -> ShareAsked.of(request, it)).toList());
        return answer;
    }

    private static List<PersonRef> refs(UUID asker, Order order) {
        var refs = new ArrayList<PersonRef>();
        refs.add(PersonRef.of(asker));
        order.payers().forEach(it -> refs.add(it.person()));
        return refs;
    }

    /** Each of them was counted as a look-up, so each may be told. */
    private static List<Person> requireEverybody(UUID asker, Order order, Sight known) {
        var payers = new ArrayList<Person>();
        var unknown = new ArrayList<GeneralProblem.FieldError>();
        for (var i = 0; i < order.payers().size(); i++) {
            var payer = known.seenBy(asker, order.payers().get(i).person());
            if (payer == null) {
                unknown.add(new GeneralProblem.FieldError("/payers/" + i, "nobody here has it"));
            } else {
                payers.add(payer);
            }
        }
        if (!unknown.isEmpty()) {
            throw PERSON_NOT_FOUND.because("Nobody here has it.").with("errors", unknown);
        }
        return payers;
    }

    private Answer refused(RequestKeys.Claim claim, UUID id, Problem refusal) {
        var answer = answers.of(refusal, claim.requestId());
        keys.take(claim, id, null, answer, clock.instant());
        return answer;
    }

    private Request request(UUID id, UUID asker, Order order, SharePlan plan, List<Person> payers) {
        var now = clock.instant();
        var shares = new ArrayList<Share>();
        for (var i = 0; i < payers.size(); i++) {
            shares.add(
                    Share.open(
                            ids.next(),
                            i,
                            payers.get(i).id(),
                            plan.shares().get(i),
                            remindAt(order, now)));
        }
        // Also of one who bears nothing, so that there is a place for what they take over later.
        shares.add(Share.own(ids.next(), payers.size(), asker, plan.mine(), now));
        return new Request(
                id,
                asker,
                plan.amount(),
                order.split(),
                order.note(),
                order.conversation(),
                RequestState.OPEN,
                now,
                null,
                List.copyOf(shares));
    }

    private @Nullable Instant remindAt(Order order, Instant now) {
        return order.autoRemind() ? now.plus(config.remindAfter()) : null;
    }
}
