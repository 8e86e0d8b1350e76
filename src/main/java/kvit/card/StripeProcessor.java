package kvit.card;

import static kvit.card.StripeApi.code;
import static kvit.card.StripeApi.given;
import static kvit.card.StripeApi.once;

import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentListParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.RefundListParams;
import java.util.Set;
import java.util.UUID;
import kvit.source.Clock;
import org.jboss.logging.Logger;

/**
 * Charges, gives back and pays out through <a href="https://docs.stripe.com/api">Stripe</a>.
 *
 * <p>Our id is the idempotency key of what creates money, and stands in the metadata as {@code
 * kvit_id}. Stripe forgets idempotency keys after 24 hours and would then do the same again, so
 * what is older than 23 is not sent any more, only looked for.
 *
 * <p>Looking for is reading a list: the charges of the card's own customer, the refunds of the
 * charge. Sending the same request again would be exact, too, but it is no question: what had not
 * happened would happen. And a 500 that Stripe has stored for a key is its answer for as long as it
 * knows the key, while the list still tells.
 *
 * <p>How cards are made known is {@link StripeRegistration}'s, how money goes out to them {@link
 * StripePayouts}'.
 *
 * <p>Raw card data may only be sent to Stripe by accounts that Stripe has opened for it, and puts
 * whoever runs Kvit in the full scope of PCI DSS.
 */
class StripeProcessor implements CardProcessor {

    private static final Logger LOG = Logger.getLogger(StripeProcessor.class);

    /** Not under way, but without an end, and not without our doing anything. */
    private static final Set<String> LEFT_LYING =
            Set.of("requires_confirmation", "requires_action", "requires_payment_method");

    /** No money that Stripe could count: see {@link StripeAmount}. */
    private static final Result NOT_AN_AMOUNT = new Result.Declined("amount_not_supported");

    private final StripeApi api;
    private final StripeRegistration registration;
    private final StripePayouts payouts;
    private final Clock clock;

    StripeProcessor(ProcessorConfig.Stripe config, Clock clock) {
        this.api = new StripeApi(config);
        var payees = new StripePayees(api, config.payouts());
        this.registration = new StripeRegistration(api, payees, clock);
        this.payouts = new StripePayouts(api, clock);
        this.clock = clock;
    }

    @Override
    public Registration register(UUID card, CardDetails details) {
        return registration.register(card, details);
    }

    @Override
    public Result carryOut(Operation operation) {
        if (operation instanceof Operation.Push push) {
            return payouts.carryOut(push);
        }
        if (clock.instant().isAfter(operation.since().plus(StripeApi.KEYS_HOLD))) {
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
        } catch (StripeApi.Refused e) {
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
            if (operation instanceof Operation.Push push) {
                return payouts.find(push);
            }
            if (operation instanceof Operation.Charge charge) {
                var intent = StripeList.find(charge, charges(charge), PaymentIntent::getCreated);
                return intent.isPresent()
                        ? state(ended(intent.get(), charge))
                        : new Result.NotFound();
            }
            var refund = (Operation.Refund) operation;
            return StripeList.find(refund, refunds(refund), Refund::getCreated)
                    .map(StripeProcessor::state)
                    .orElseGet(Result.NotFound::new);
        } catch (StripeApi.Refused e) {
            throw new NonsenseRefused("Stripe refuses to be asked: " + e.code());
        } catch (Unanswered e) {
            return e.result();
        }
    }

    private PaymentIntent charge(Operation.Charge charge, long amount) throws StripeApi.Refused {
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
                        .putMetadata(StripeApi.OUR_ID, charge.id().toString())
                        .build();
        return api.ask(it -> it.paymentIntents().create(params, once(charge.id())));
    }

    private Refund refund(Operation.Refund refund, long amount) throws StripeApi.Refused {
        var params =
                RefundCreateParams.builder()
                        .setPaymentIntent(refund.charge())
                        .setAmount(amount)
                        .putMetadata(StripeApi.OUR_ID, refund.id().toString())
                        .build();
        return api.ask(it -> it.refunds().create(params, once(refund.id())));
    }

    /**
     * A refund that was done is refused, too, when it is sent again and Stripe has not stored its
     * first answer: its money is given back already. The list tells which of the two it is.
     */
    private Result unlessDone(Operation refund, StripeApi.Refused refusal) {
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
    private PaymentIntent ended(PaymentIntent intent, Operation.Charge charge)
            throws StripeApi.Refused {
        if (!isLeftLying(intent) || clock.instant().isBefore(charge.since().plus(ARRIVES_WITHIN))) {
            return intent;
        }
        var id = intent.getId();
        try {
            api.ask(it -> it.paymentIntents().cancel(id, once(charge.id() + ":cancel")));
        } catch (NonsenseRefused | StripeApi.Refused e) {
            LOG.infof("%s could not be cancelled: %s", id, e.getMessage());
        }
        return api.ask(it -> it.paymentIntents().retrieve(id));
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

    private StripeList.Pages<PaymentIntent> charges(Operation.Charge charge) {
        var customer = StripeCard.of(charge.card()).customer();
        return last -> {
            var page =
                    PaymentIntentListParams.builder()
                            .setCustomer(customer)
                            .setLimit(StripeList.PAGE);
            if (last != null) {
                page.setStartingAfter(last);
            }
            return api.ask(it -> it.paymentIntents().list(page.build()));
        };
    }

    private StripeList.Pages<Refund> refunds(Operation.Refund refund) {
        return last -> {
            var page =
                    RefundListParams.builder()
                            .setPaymentIntent(refund.charge())
                            .setLimit(StripeList.PAGE);
            if (last != null) {
                page.setStartingAfter(last);
            }
            return api.ask(it -> it.refunds().list(page.build()));
        };
    }
}
