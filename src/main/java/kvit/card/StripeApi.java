package kvit.card;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.net.RequestOptions;
import com.stripe.service.V1Services;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls to Stripe, each once, and tells apart what comes of them: an answer, a refusal, or
 * that nobody can know.
 */
class StripeApi {

    private static final Logger LOG = Logger.getLogger(StripeApi.class);

    /** Where our id stands in the metadata of what we have made. */
    static final String OUR_ID = "kvit_id";

    /**
     * At least 24 hours, says Stripe; an hour for clocks that differ and for what is on its way.
     */
    static final Duration KEYS_HOLD = Duration.ofHours(23);

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

    @FunctionalInterface
    interface Call<T> {
        T make(V1Services stripe) throws StripeException;
    }

    /** A refusal, by the word that Stripe has for it. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String code) {
            super(code, null, false, false);
        }

        String code() {
            return Objects.requireNonNull(getMessage());
        }
    }

    private final V1Services stripe;

    /**
     * @throws IllegalStateException naming each setting that is missing
     */
    StripeApi(ProcessorConfig.Stripe config) {
        this.stripe =
                StripeClient.builder()
                        .setApiKey(StripeSecrets.key(config))
                        .setApiBase(config.base().toString().replaceFirst("/+$", ""))
                        .setMaxNetworkRetries(0)
                        .setHttpClient(new StripeHttp(config.connectTimeout(), config.timeout()))
                        .build()
                        .v1();
    }

    /**
     * Makes one call.
     *
     * @throws Refused by the issuer or by the state of the money
     * @throws Unanswered when nobody can tell what became of it
     * @throws NonsenseRefused when Stripe refuses the request itself, which is a bug of ours or a
     *     wrong setting. Stripe's own text is left out, because it can repeat what was sent.
     */
    <T> T ask(Call<T> call) throws Refused {
        return ask(Set.of(), call);
    }

    /**
     * The same where more codes of Stripe's are a word about what was asked for and not about how.
     */
    <T> T ask(Set<String> refusals, Call<T> call) throws Refused {
        try {
            return Objects.requireNonNull(call.make(stripe));
        } catch (StripeException e) {
            throw refused(e, refusals);
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
    private static Refused refused(StripeException e, Set<String> refusals) {
        var error = e.getStripeError();
        if (error == null || error.getType() == null) {
            throw new Unanswered(Reason.UNREADABLE);
        }
        var status = Objects.requireNonNullElse(e.getStatusCode(), 0);
        if (status == 402 && error.getType().equals("card_error")) {
            return new Refused(code(error.getDeclineCode(), error.getCode()));
        }
        if (OURS_BY_STATUS.contains(status) && OURS.contains(error.getType())) {
            var code = error.getCode();
            if (code != null
                    && (refusals.contains(code) || (status == 400 && REFUSALS.contains(code)))) {
                return new Refused(code);
            }
            throw new NonsenseRefused(
                    "Stripe refused the request itself: HTTP %d, %s, %s, request %s"
                            .formatted(status, error.getType(), error.getCode(), e.getRequestId()));
        }
        throw new Unanswered(
                error.getType().equals("api_error") ? Reason.SERVER_ERROR : Reason.UNREADABLE);
    }

    /** What an answer has to say, or it is none. */
    static <T> T given(@Nullable T value) {
        if (value == null) {
            throw new Unanswered(Reason.UNREADABLE);
        }
        return value;
    }

    static String code(@Nullable String first, @Nullable String second) {
        return first != null ? first : Objects.requireNonNullElse(second, "unknown");
    }

    /** Under this key Stripe does it once, however often it is sent. */
    static RequestOptions once(String key) {
        return RequestOptions.builder().setIdempotencyKey(key).build();
    }

    static RequestOptions once(UUID key) {
        return once(key.toString());
    }
}
