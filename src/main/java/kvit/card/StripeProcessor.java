package kvit.card;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.HasId;
import com.stripe.model.MetadataStore;
import com.stripe.model.PaymentIntent;
import com.stripe.model.PaymentMethod;
import com.stripe.model.Refund;
import com.stripe.model.SetupIntent;
import com.stripe.model.StripeCollection;
import com.stripe.net.RequestOptions;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentListParams;
import com.stripe.param.PaymentMethodCreateParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.RefundListParams;
import com.stripe.param.SetupIntentCreateParams;
import com.stripe.param.SetupIntentListParams;
import com.stripe.service.V1Services;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import kvit.source.Clock;
import kvit.source.Ids;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Charges through <a href="https://docs.stripe.com/api">Stripe</a>.
 *
 * <p>Our id is the idempotency key of what creates money, and stands in the metadata as {@code
 * kvit_id}. Stripe forgets idempotency keys after 24 hours and would then do the same again, so
 * what is older than 23 is not sent any more, only looked for.
 *
 * <p>Looking for is reading a list: the charges of the card's own customer, the refunds of the
 * charge. Stripe's search by metadata would be one call, but it may lag by an hour and says so
 * itself; lists are exact. Sending the same request again would be exact, too, but it is no
 * question: what had not happened would happen. And a 500 that Stripe has stored for a key is its
 * answer for as long as it knows the key, while the list still tells.
 *
 * <p>Nothing is paid out to cards: at Stripe that takes a connected account for each person, with
 * documents and a contract of theirs, and a transfer of the money to it before each payout. Kvit
 * makes neither, so every {@link Operation.Push} is declined before anything is sent.
 *
 * <p>Raw card data may only be sent to Stripe by accounts that Stripe has opened for it, and puts
 * whoever runs Kvit in the full scope of PCI DSS.
 */
class StripeProcessor implements CardProcessor {

    private static final Logger LOG = Logger.getLogger(StripeProcessor.class);

    static final String OUR_ID = "kvit_id";

    /**
     * At least 24 hours, says Stripe; an hour for clocks that differ and for what is on its way.
     */
    private static final Duration KEYS_HOLD = Duration.ofHours(23);

    /** A list is read back to what is that much older than what is looked for. */
    private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);

    private static final long PAGE = 100;

    /** Refusals that come as an error of the request, but are about money and not about form. */
    private static final Set<String> REFUSALS =
            Set.of(
                    "amount_too_large",
                    "amount_too_small",
                    "balance_insufficient",
                    "charge_already_refunded",
                    "charge_disputed",
                    "refund_disputed_payment");

    /** Of a request that is wrong itself; the only types of an error that say so. */
    private static final Set<String> OURS = Set.of("invalid_request_error", "idempotency_error");

    private static final Set<Integer> OURS_BY_STATUS = Set.of(400, 401, 403, 404);

    /** Not under way, but without an end, and not without our doing anything. */
    private static final Set<String> LEFT_LYING =
            Set.of("requires_confirmation", "requires_action", "requires_payment_method");

    /** No money that Stripe could count: see {@link StripeAmount}. */
    private static final Result NOT_AN_AMOUNT = new Result.Declined("amount_not_supported");

    private static final Result NO_WAY_OUT = new Result.Declined("payout_not_supported");

    @FunctionalInterface
    private interface Call<T> {
        T make(V1Services stripe) throws StripeException;
    }

    /** A refusal, by the word that Stripe has for it. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String code) {
            super(code, null, false, false);
        }

        String code() {
            return Objects.requireNonNull(getMessage());
        }
    }

    private final V1Services stripe;
    private final Clock clock;

    StripeProcessor(ProcessorConfig.Stripe config, Clock clock) {
        this.stripe =
                StripeClient.builder()
                        .setApiKey(StripeSecrets.key(config))
                        .setApiBase(config.base().toString().replaceFirst("/+$", ""))
                        .setMaxNetworkRetries(0)
                        .setHttpClient(new StripeHttp(config.connectTimeout(), config.timeout()))
                        .build()
                        .v1();
        this.clock = clock;
    }

    /**
     * Makes the card a payment method, gives it a customer of its own, and has the issuer check it
     * (a SetupIntent). A card whose owner would have to be sent to a page of the issuer is refused:
     * there is no such page in a chat.
     */
    @Override
    public Registration register(UUID card, CardDetails details) {
        if (clock.instant().isAfter(Ids.time(card).plus(KEYS_HOLD))) {
            return new Registration.NotSent(Reason.TOO_OLD);
        }
        PaymentMethod method;
        String methodId;
        try {
            method = ask(it -> it.paymentMethods().create(method(details), once(card + ":pm")));
            methodId = given(method.getId());
        } catch (Refused e) {
            return new Registration.Declined(e.code());
        } catch (Unanswered e) {
            return e.registration();
        }
        try {
            return check(card, methodId, funding(method));
        } catch (Refused e) {
            return new Registration.Declined(e.code());
        } catch (Unanswered e) {
            // Even where this call was not sent, the first one was.
            return new Registration.Unknown(e.reason());
        }
    }

    /** Words that Stripe may add in years to come are as good as its own {@code unknown}. */
    private static Funding funding(PaymentMethod method) {
        var word = method.getCard() == null ? null : method.getCard().getFunding();
        return switch (Objects.requireNonNullElse(word, "unknown")) {
            case "debit" -> Funding.DEBIT;
            case "credit" -> Funding.CREDIT;
            case "prepaid" -> Funding.PREPAID;
            default -> Funding.UNKNOWN;
        };
    }

    private Registration check(UUID card, String method, Funding funding) throws Refused {
        var customer =
                given(
                        ask(it -> it.customers().create(customer(card), once(card + ":cus")))
                                .getId());
        var setup = setup(card, customer, method);
        var error = setup.getLastSetupError();
        return switch (given(setup.getStatus())) {
            case "succeeded" ->
                    new Registration.Registered(
                            new StripeCard(customer, method).reference(), funding);
            case "canceled" -> new Registration.Declined("canceled");
            // Nobody will ever be asked to act, and nothing is charged by giving up.
            case "requires_action" -> new Registration.Declined("authentication_required");
            case "requires_payment_method" ->
                    error == null
                            ? new Registration.Unknown(Reason.CONFLICT)
                            : new Registration.Declined(
                                    code(error.getDeclineCode(), error.getCode()));
            default -> new Registration.Unknown(Reason.CONFLICT);
        };
    }

    /**
     * How the issuer's check stands now. The answer to a second sending is the first answer, word
     * for word, so what has no end in it is read, and so is what lies behind a stored failure.
     */
    private SetupIntent setup(UUID card, String customer, String method) throws Refused {
        try {
            var made =
                    ask(
                            it ->
                                    it.setupIntents()
                                            .create(
                                                    params(card, customer, method),
                                                    once(card.toString())));
            if ("succeeded".equals(made.getStatus())) {
                return made;
            }
            var id = given(made.getId());
            return ask(it -> it.setupIntents().retrieve(id));
        } catch (Unanswered e) {
            if (e.reason() != Reason.SERVER_ERROR) {
                throw e;
            }
            var list = SetupIntentListParams.builder().setCustomer(customer).build();
            return given(ask(it -> it.setupIntents().list(list)).getData()).stream()
                    .findFirst()
                    .orElseThrow(() -> e);
        }
    }

    @Override
    public Result carryOut(Operation operation) {
        if (operation instanceof Operation.Push) {
            return NO_WAY_OUT;
        }
        if (clock.instant().isAfter(operation.since().plus(KEYS_HOLD))) {
            var found = find(operation);
            return found instanceof Result.NotFound ? new Result.NotSent(Reason.TOO_OLD) : found;
        }
        var amount = StripeAmount.of(operation.amount());
        if (amount.isEmpty()) {
            return NOT_AN_AMOUNT;
        }
        try {
            if (operation instanceof Operation.Charge charge) {
                return state(charge(charge, amount.get()));
            }
            return state(refund((Operation.Refund) operation, amount.get()));
        } catch (Refused e) {
            return operation instanceof Operation.Refund
                    ? unlessDone(operation, e)
                    : new Result.Declined(e.code());
        } catch (Unanswered e) {
            return e.result();
        }
    }

    @Override
    public Result find(Operation operation) {
        try {
            if (operation instanceof Operation.Charge charge) {
                return found(
                        charges(charge),
                        charge,
                        PaymentIntent::getCreated,
                        it -> state(ended(it, charge)));
            }
            if (operation instanceof Operation.Push) {
                return NO_WAY_OUT;
            }
            return found(
                    refunds((Operation.Refund) operation),
                    operation,
                    Refund::getCreated,
                    StripeProcessor::state);
        } catch (Refused e) {
            throw new NonsenseRefused("Stripe refuses to be asked: " + e.code());
        } catch (Unanswered e) {
            return e.result();
        }
    }

    private PaymentIntent charge(Operation.Charge charge, long amount) throws Refused {
        var card = StripeCard.of(charge.card());
        var params =
                PaymentIntentCreateParams.builder()
                        .setAmount(amount)
                        .setCurrency(StripeAmount.code(charge.amount()))
                        .setCustomer(card.customer())
                        .setPaymentMethod(card.method())
                        .addPaymentMethodType("card")
                        .setCaptureMethod(PaymentIntentCreateParams.CaptureMethod.AUTOMATIC)
                        .setConfirm(true)
                        // Nobody is in front of a page of the issuer's: refuse instead of waiting.
                        .setOffSession(true)
                        .setErrorOnRequiresAction(true)
                        .putMetadata(OUR_ID, charge.id().toString())
                        .build();
        return ask(it -> it.paymentIntents().create(params, once(charge.id().toString())));
    }

    private Refund refund(Operation.Refund refund, long amount) throws Refused {
        var params =
                RefundCreateParams.builder()
                        .setPaymentIntent(refund.charge())
                        .setAmount(amount)
                        .putMetadata(OUR_ID, refund.id().toString())
                        .build();
        return ask(it -> it.refunds().create(params, once(refund.id().toString())));
    }

    /**
     * A refund that was done is refused, too, when it is sent again and Stripe has not stored its
     * first answer: its money is given back already. The list tells which of the two it is.
     */
    private Result unlessDone(Operation refund, Refused refusal) {
        var found = find(refund);
        if (found instanceof Result.NotSent it) {
            return new Result.Unknown(it.reason());
        }
        return found instanceof Result.NotFound ? new Result.Declined(refusal.code()) : found;
    }

    /**
     * Lets a charge end that was begun and goes on no more by itself: nobody confirms it a second
     * time, and until it is cancelled it might be. What it has come to by then is read, so it does
     * not matter who was first.
     */
    private PaymentIntent ended(PaymentIntent intent, Operation.Charge charge) throws Refused {
        if (!isLeftLying(intent) || clock.instant().isBefore(charge.since().plus(ARRIVES_WITHIN))) {
            return intent;
        }
        var id = intent.getId();
        try {
            ask(it -> it.paymentIntents().cancel(id, once(charge.id() + ":cancel")));
        } catch (NonsenseRefused | Refused e) {
            LOG.infof("%s could not be cancelled: %s", id, e.getMessage());
        }
        return ask(it -> it.paymentIntents().retrieve(id));
    }

    private static boolean isLeftLying(PaymentIntent intent) {
        return LEFT_LYING.contains(given(intent.getStatus()))
                && !(state(intent) instanceof Result.Declined);
    }

    private static Result state(PaymentIntent intent) {
        var error = intent.getLastPaymentError();
        return switch (given(intent.getStatus())) {
            case "succeeded" -> new Result.Done(intent.getId());
            case "canceled" -> new Result.Declined("canceled");
            // Without an error it was not tried yet, and that may be happening just now.
            case "requires_payment_method", "requires_action" ->
                    error == null
                            ? new Result.Pending(intent.getId())
                            : new Result.Declined(code(error.getDeclineCode(), error.getCode()));
            default -> new Result.Pending(intent.getId());
        };
    }

    private static Result state(Refund refund) {
        return switch (given(refund.getStatus())) {
            case "succeeded" -> new Result.Done(refund.getId());
            case "failed", "canceled" ->
                    new Result.Declined(code(refund.getFailureReason(), refund.getStatus()));
            default -> new Result.Pending(refund.getId());
        };
    }

    /** What an answer has to say, or it is none. */
    private static <T> T given(@Nullable T value) {
        if (value == null) {
            throw new Unanswered(Reason.UNREADABLE);
        }
        return value;
    }

    private static String code(@Nullable String first, @Nullable String second) {
        return first != null ? first : Objects.requireNonNullElse(second, "unknown");
    }

    /** What a thing at Stripe says about an operation; it may have to be asked once more. */
    @FunctionalInterface
    private interface State<T> {
        Result of(T thing) throws Refused;
    }

    /** One page of a list: what comes after the one that is named, or the first. */
    private interface Pages<T extends HasId> {
        StripeCollection<T> after(@Nullable String last) throws Refused;
    }

    private Pages<PaymentIntent> charges(Operation.Charge charge) {
        var customer = StripeCard.of(charge.card()).customer();
        return last -> {
            var page = PaymentIntentListParams.builder().setCustomer(customer).setLimit(PAGE);
            if (last != null) {
                page.setStartingAfter(last);
            }
            return ask(it -> it.paymentIntents().list(page.build()));
        };
    }

    private Pages<Refund> refunds(Operation.Refund refund) {
        return last -> {
            var page = RefundListParams.builder().setPaymentIntent(refund.charge()).setLimit(PAGE);
            if (last != null) {
                page.setStartingAfter(last);
            }
            return ask(it -> it.refunds().list(page.build()));
        };
    }

    /**
     * Lists begin with the newest. Read by the page and not by the time alone, because a sandbox's
     * clock may be days ahead of Stripe's.
     */
    private static <T extends HasId & MetadataStore<T>> Result found(
            Pages<T> pages, Operation operation, Function<T, Long> created, State<T> state)
            throws Refused {
        var oldest = operation.since().minus(CLOCKS_DIFFER);
        Optional<String> last = Optional.empty();
        while (true) {
            var page = pages.after(last.orElse(null));
            var items = given(page.getData());
            for (var each : items) {
                if (isIt(each, operation)) {
                    return state.of(each);
                }
            }
            if (items.isEmpty() || !Boolean.TRUE.equals(page.getHasMore())) {
                return new Result.NotFound();
            }
            var end = items.get(items.size() - 1);
            if (Instant.ofEpochSecond(given(created.apply(end))).isBefore(oldest)) {
                return new Result.NotFound();
            }
            last = Optional.of(end.getId());
        }
    }

    private static boolean isIt(MetadataStore<?> each, Operation operation) {
        var metadata = each.getMetadata();
        return metadata != null && operation.id().toString().equals(metadata.get(OUR_ID));
    }

    /**
     * Makes one call.
     *
     * @throws Refused by the issuer or by the state of the money
     * @throws Unanswered when nobody can tell what became of it
     * @throws NonsenseRefused when Stripe refuses the request itself, which is a bug of ours or a
     *     wrong setting. Stripe's own text is left out, because it can repeat what was sent.
     */
    private <T> T ask(Call<T> call) throws Refused {
        try {
            return Objects.requireNonNull(call.make(stripe));
        } catch (StripeException e) {
            throw refused(e);
        } catch (Unanswered e) {
            throw e;
        } catch (RuntimeException e) {
            // stripe-java reads an answer that is no JSON object as if it were one. The message of
            // what comes of that may quote it.
            LOG.warnf("An answer of Stripe's cannot be read: %s", e.getClass().getName());
            throw new Unanswered(Reason.UNREADABLE);
        }
    }

    /**
     * By status and type together, because either alone leaves it open: the library takes every 402
     * for a word of the issuer's, and what is wrong with Stripe itself comes under any status.
     */
    private static Refused refused(StripeException e) {
        var error = e.getStripeError();
        if (error == null || error.getType() == null) {
            throw new Unanswered(Reason.UNREADABLE);
        }
        var status = Objects.requireNonNullElse(e.getStatusCode(), 0);
        if (status == 402 && error.getType().equals("card_error")) {
            return new Refused(code(error.getDeclineCode(), error.getCode()));
        }
        if (OURS_BY_STATUS.contains(status) && OURS.contains(error.getType())) {
            if (status == 400 && error.getCode() != null && REFUSALS.contains(error.getCode())) {
                return new Refused(error.getCode());
            }
            throw new NonsenseRefused(
                    "Stripe refused the request itself: HTTP %d, %s, %s, request %s"
                            .formatted(status, error.getType(), error.getCode(), e.getRequestId()));
        }
        throw new Unanswered(
                error.getType().equals("api_error") ? Reason.SERVER_ERROR : Reason.UNREADABLE);
    }

    private static PaymentMethodCreateParams method(CardDetails details) {
        var card =
                PaymentMethodCreateParams.CardDetails.builder()
                        .setNumber(details.number().digits())
                        .setExpMonth((long) details.expiry().getMonthValue())
                        .setExpYear((long) details.expiry().getYear());
        if (details.cvc() != null) {
            card.setCvc(details.cvc());
        }
        return PaymentMethodCreateParams.builder()
                .setType(PaymentMethodCreateParams.Type.CARD)
                .setCard(card.build())
                .setBillingDetails(
                        PaymentMethodCreateParams.BillingDetails.builder()
                                .setName(details.holder())
                                .build())
                .build();
    }

    private static CustomerCreateParams customer(UUID card) {
        return CustomerCreateParams.builder().putMetadata("kvit_card", card.toString()).build();
    }

    private static SetupIntentCreateParams params(UUID card, String customer, String method) {
        return SetupIntentCreateParams.builder()
                .setCustomer(customer)
                .setPaymentMethod(method)
                .addPaymentMethodType("card")
                .setUsage(SetupIntentCreateParams.Usage.OFF_SESSION)
                .setConfirm(true)
                .putMetadata("kvit_card", card.toString())
                .build();
    }

    private static RequestOptions once(String key) {
        return RequestOptions.builder().setIdempotencyKey(key).build();
    }
}
