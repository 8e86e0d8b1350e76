package kvit.money;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code {"minor": 1250, "currency": "EUR"}} and nothing looser: {@code 12.5}, {@code 1e3}
 * and {@code "1250"} are refused, where Jackson by itself would round, expand or parse them.
 */
class MoneyReader extends JsonDeserializer<Money> {

    @Override
    public Money deserialize(JsonParser json, DeserializationContext context) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw mismatch(json, "must be an object with minor and currency");
        }
        Long minor = null;
        Currency currency = null;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            var field = json.currentName();
            json.nextToken();
            switch (field) {
                case "minor" -> minor = minor(json);
                case "currency" -> currency = currency(json);
                default -> throw mismatch(json, "has the unknown field " + field);
            }
        }
        if (minor == null || currency == null) {
            throw mismatch(json, "must have minor and currency");
        }
        return new Money(minor, currency);
    }

    private static long minor(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_NUMBER_INT
                || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                || Math.abs(json.getLongValue()) > Money.MINOR_MAX
                || json.getLongValue() == Long.MIN_VALUE) {
            throw mismatch(json, "minor must be an integer of at most 2^53 - 1");
        }
        return json.getLongValue();
    }

    private static Currency currency(JsonParser json) throws IOException {
        @Nullable String code =
                json.currentToken() == JsonToken.VALUE_STRING ? json.getText() : null;
        return Currency.of(code == null ? "" : code)
                .orElseThrow(() -> mismatch(json, "currency must be an ISO 4217 code in capitals"));
    }

    private static MismatchedInputException mismatch(JsonParser json, String message) {
        return MismatchedInputException.from(json, Money.class, message);
    }
}
