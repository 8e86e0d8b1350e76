package kvit.card;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.stripe.exception.SignatureVerificationException;
import com.stripe.net.Webhook;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.Serial;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import kvit.money.Money;
import kvit.problem.Problem;
import kvit.source.Clock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads what <a href="https://docs.stripe.com/webhooks">Stripe tells</a>: first the signature, over
 * the bytes as they came, then the text.
 *
 * <p>The signature is checked by stripe-java. The event is read by ourselves: stripe-java gives an
 * event's object only if the event has the version of the API that the library was made for, and
 * which one it has is set at Stripe.
 */
@ApplicationScoped
class StripeWebhook {

    static final String NAME = "stripe";

    /** What Stripe recommends: whoever got hold of a notice cannot repeat it for long. */
    static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final Logger LOG = Logger.getLogger(StripeWebhook.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TEXT_MAX = 255;

    /** Not the event that it should be. */
    private static final class Unreadable extends RuntimeException {

        @Serial private static final long serialVersionUID = 1;

        Unreadable() {
            super(null, null, false, false);
        }
    }

    private final List<String> secrets;
    private final java.time.Clock clock;
    private final Counter unreadable;

    StripeWebhook(ProcessorConfig config, Clock clock, MeterRegistry metrics) {
        this.unreadable = metrics.counter("kvit.processor.notices.unreadable");
        this.secrets = StripeSecrets.forNotices(config.stripe());
        this.clock = clock.withZone(ZoneOffset.UTC);
    }

    /**
     * What a delivery says. What is signed and cannot be read is to be ignored like what is nothing
     * of ours, with a warning: Stripe sends a refused event again for days, and in the end sends
     * none at all any more.
     *
     * @param signature the header {@code Stripe-Signature}
     * @throws Problem NOTICE_SIGNATURE_INVALID
     */
    Notice.Delivery read(String payload, @Nullable String signature) {
        if (signature == null || secrets.stream().noneMatch(it -> fits(payload, signature, it))) {
            throw NoticeProblem.NOTICE_SIGNATURE_INVALID.because(
                    "No secret of ours has made this signature within the last five minutes.");
        }
        var event = parsed(payload);
        var id = event.path("id").asText("");
        try {
            return new Notice.Delivery(
                    NAME,
                    text(event.path("id")),
                    time(event.path("created")),
                    notice(text(event.path("type")), event.path("data").path("object")));
        } catch (Unreadable | ArithmeticException | IllegalStateException e) {
            // Neither its text nor the exception's: both may quote what only the two of us know.
            LOG.warnf("A signed event of Stripe's cannot be read: %s", isText(id) ? id : "no id");
            unreadable.increment();
            return new Notice.Delivery(NAME, id, Instant.EPOCH, new Notice.Ignored("unreadable"));
        }
    }

    private static JsonNode parsed(String payload) {
        try {
            return JSON.readTree(payload);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private boolean fits(String payload, String signature, String secret) {
        try {
            return Webhook.Signature.verifyHeader(
                    payload, signature, secret, TOLERANCE.toSeconds(), clock);
        } catch (SignatureVerificationException | RuntimeException e) {
            // stripe-java stumbles over a header that is no list of names and values.
            return false;
        }
    }

    /**
     * A dispute that was only opened moves nothing: some are mere questions. What moves is told by
     * events of its own.
     */
    private static Notice notice(String type, JsonNode object) {
        return switch (type) {
            case "charge.dispute.funds_withdrawn" ->
                    new Notice.Chargeback(
                            text(object.path("payment_intent")),
                            text(object.path("id")),
                            amount(object, "amount"),
                            word(object.path("reason"), "unknown"),
                            dueBy(object.path("evidence_details").path("due_by")));
            case "charge.dispute.funds_reinstated" ->
                    new Notice.ChargebackReversed(
                            text(object.path("payment_intent")),
                            text(object.path("id")),
                            amount(object, "amount"));
            default ->
                    operation(object)
                            .map(it -> ours(type, it, object))
                            .orElseGet(() -> new Notice.Ignored(type));
        };
    }

    private static Notice ours(String type, UUID operation, JsonNode object) {
        return switch (type) {
            case "payment_intent.succeeded" ->
                    new Notice.ChargeSettled(
                            operation, text(object.path("id")), amount(object, "amount_received"));
            case "payment_intent.payment_failed", "payment_intent.canceled" ->
                    new Notice.ChargeFailed(operation, text(object.path("id")), failure(object));
            case "refund.updated", "refund.failed" -> refund(type, operation, object);
            case "payout.paid" -> new Notice.PayoutPaid(operation, text(object.path("id")));
            case "payout.failed", "payout.canceled" ->
                    new Notice.PayoutFailed(
                            operation,
                            text(object.path("id")),
                            word(object.path("failure_code"), "canceled"));
            default -> new Notice.Ignored(type);
        };
    }

    /** By its state and not by the event's name: an update may be of anything. */
    private static Notice refund(String type, UUID operation, JsonNode object) {
        var status = text(object.path("status"));
        return switch (status) {
            case "succeeded" -> new Notice.RefundSettled(operation, text(object.path("id")));
            case "failed", "canceled" ->
                    new Notice.RefundFailed(
                            operation,
                            text(object.path("id")),
                            word(object.path("failure_reason"), status));
            default -> new Notice.Ignored(type);
        };
    }

    private static String failure(JsonNode intent) {
        var error = intent.path("last_payment_error");
        return word(error.path("decline_code"), word(error.path("code"), "canceled"));
    }

    /** Ours, if it is about something of ours: the account may be used for other things, too. */
    private static Optional<UUID> operation(JsonNode object) {
        try {
            return Optional.ofNullable(object.path("metadata").path(StripeApi.OUR_ID).textValue())
                    .map(UUID::fromString);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Money amount(JsonNode object, String field) {
        var amount = object.path(field);
        if (!amount.canConvertToLong() || !amount.isIntegralNumber() || amount.longValue() <= 0) {
            throw new Unreadable();
        }
        return StripeAmount.read(amount.longValue(), text(object.path("currency")));
    }

    private static Instant time(JsonNode node) {
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw new Unreadable();
        }
        return Instant.ofEpochSecond(node.intValue());
    }

    /** Zero is what it says where the issuer hears nobody; then there is no such day. */
    private static @Nullable Instant dueBy(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToInt() && node.intValue() > 0
                ? Instant.ofEpochSecond(node.intValue())
                : null;
    }

    private static String text(JsonNode node) {
        var text = node.textValue();
        if (text == null || !isText(text)) {
            throw new Unreadable();
        }
        return text;
    }

    private static String word(JsonNode node, String otherwise) {
        var text = node.textValue();
        return text != null && isText(text) ? text : otherwise;
    }

    /** What a table takes, and a log. */
    private static boolean isText(String text) {
        return !text.isBlank()
                && text.length() <= TEXT_MAX
                && text.chars()
                        .noneMatch(
                                it ->
                                        Character.isISOControl(it)
                                                || Character.isSurrogate((char) it));
    }
}
