package kvit.card;

import static kvit.card.StripeApi.code;
import static kvit.card.StripeApi.given;
import static kvit.card.StripeApi.once;

import com.stripe.model.PaymentMethod;
import com.stripe.model.SetupIntent;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.PaymentMethodCreateParams;
import com.stripe.param.SetupIntentCreateParams;
import com.stripe.param.SetupIntentListParams;
import java.util.Objects;
import java.util.UUID;
import kvit.card.StripeApi.Refused;
import kvit.source.Clock;
import kvit.source.Ids;

/** Makes cards known to Stripe. */
class StripeRegistration {

    private final StripeApi api;
    private final StripePayees payees;
    private final Clock clock;

    StripeRegistration(StripeApi api, StripePayees payees, Clock clock) {
        this.api = api;
        this.payees = payees;
        this.clock = clock;
    }

    /**
     * Makes the card a payment method, gives it a customer of its own, and has the issuer check it
     * (a SetupIntent). A card whose owner would have to be sent to a page of the issuer is refused:
     * there is no such page in a chat. Then it is set up to be paid out to, where it can be.
     */
    Registration register(UUID card, CardDetails details) {
        if (clock.instant().isAfter(Ids.time(card).plus(StripeApi.KEYS_HOLD))) {
            return new Registration.NotSent(Reason.TOO_OLD);
        }
        PaymentMethod method;
        String methodId;
        try {
            method = api.ask(it -> it.paymentMethods().create(method(details), once(card + ":pm")));
            methodId = given(method.getId());
        } catch (Refused e) {
            return new Registration.Declined(e.code());
        } catch (Unanswered e) {
            return e.registration();
        }
        try {
            return check(card, methodId, funding(method), details);
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

    private Registration check(UUID card, String method, Funding funding, CardDetails details)
            throws Refused {
        var customer =
                given(
                        api.ask(it -> it.customers().create(customer(card), once(card + ":cus")))
                                .getId());
        var setup = setup(card, customer, method);
        var error = setup.getLastSetupError();
        return switch (given(setup.getStatus())) {
            case "succeeded" ->
                    new Registration.Registered(
                            new StripeCard(customer, method).reference(),
                            funding,
                            payees.wayOut(card, details, funding));
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
                    api.ask(
                            it ->
                                    it.setupIntents()
                                            .create(params(card, customer, method), once(card)));
            if ("succeeded".equals(made.getStatus())) {
                return made;
            }
            var id = given(made.getId());
            return api.ask(it -> it.setupIntents().retrieve(id));
        } catch (Unanswered e) {
            if (e.reason() != Reason.SERVER_ERROR) {
                throw e;
            }
            var list = SetupIntentListParams.builder().setCustomer(customer).build();
            return given(api.ask(it -> it.setupIntents().list(list)).getData()).stream()
                    .findFirst()
                    .orElseThrow(() -> e);
        }
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
}
