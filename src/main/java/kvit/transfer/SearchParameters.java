package kvit.transfer;

import jakarta.ws.rs.QueryParam;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import kvit.money.Currency;
import kvit.paging.ListParameters;
import kvit.problem.GeneralProblem;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/** What operators search transfers by; all of it has to fit. */
public class SearchParameters extends ListParameters {

    private static final Pattern MINOR = Pattern.compile("[0-9]{1,16}");

    @QueryParam("id")
    @Nullable String id;

    @QueryParam("payer")
    @Nullable String payer;

    @QueryParam("payee")
    @Nullable String payee;

    @QueryParam("phone")
    @Parameter(description = "That it was sent to while it was nobody's")
    @Nullable String phone;

    @QueryParam("state")
    @Nullable String state;

    @QueryParam("minor")
    @Parameter(description = "The amount, exactly, in minor units")
    @Nullable String minor;

    @QueryParam("currency")
    @Nullable String currency;

    @QueryParam("reference")
    @Nullable String reference;

    /**
     * @param e164 of the phone, if there is one
     */
    TransferSearch.Query query(@Nullable String e164, @Nullable UUID after, int atMost) {
        return new TransferSearch.Query(
                uuid("?id", id),
                uuid("?payer", payer),
                uuid("?payee", payee),
                e164,
                state(),
                minor(),
                currency(),
                reference,
                from(),
                to(),
                after,
                atMost);
    }

    private @Nullable TransferState state() {
        if (state == null) {
            return null;
        }
        return Arrays.stream(TransferState.values())
                .filter(it -> !it.isHidden())
                .filter(it -> it.name().toLowerCase(Locale.ROOT).equals(state))
                .findFirst()
                .orElseThrow(() -> GeneralProblem.invalid("?state", "is none that there is"));
    }

    private @Nullable Long minor() {
        if (minor == null) {
            return null;
        }
        if (!MINOR.matcher(minor).matches()) {
            throw GeneralProblem.invalid("?minor", "must be minor units");
        }
        return Long.valueOf(minor);
    }

    private @Nullable Currency currency() {
        return currency == null
                ? null
                : Currency.of(currency)
                        .orElseThrow(
                                () ->
                                        GeneralProblem.invalid(
                                                "?currency", "must be an ISO 4217 code"));
    }

    private static @Nullable UUID uuid(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw GeneralProblem.invalid(name, "must be an id");
        }
    }

    /** All that makes the list this list. */
    @Override
    public String toString() {
        return String.join(
                "|",
                Arrays.asList(
                        id,
                        payer,
                        payee,
                        phone,
                        state,
                        minor,
                        currency,
                        reference,
                        String.valueOf(from()),
                        String.valueOf(to())));
    }
}
