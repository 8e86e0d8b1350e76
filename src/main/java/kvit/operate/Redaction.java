package kvit.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Takes secrets and people's numbers out of what the audit trail keeps: nothing of it can ever be
 * taken out of there again. By name, and numbers of cards and phones wherever they stand.
 */
final class Redaction {

    static final String LEFT_OUT = "[left out]";

    /** Of fields, in lower case and without separators: the whole name. */
    private static final Set<String> NAMES =
            Set.of(
                    "pin",
                    "cvc",
                    "cvv",
                    "otp",
                    "cardnumber",
                    "phone",
                    "phonenumber",
                    "iban",
                    "passport",
                    "documentnumber",
                    "birthdate",
                    "dateofbirth",
                    "invitation");

    /** The same for a part of the name. */
    private static final Set<String> PARTS = Set.of("password", "secret", "token", "pepper");

    private static final Pattern SEPARATORS = Pattern.compile("[_. -]");

    /**
     * As ISO/IEC 7812 has them; {@code isCard} tells them from other long numbers. An id is tried
     * first, because the last groups of some look like one.
     */
    private static final Pattern CARD =
            Pattern.compile(
                    "(?<![0-9a-fA-F-])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
                            + "(?![0-9a-fA-F-])"
                            + "|(?<![0-9])[0-9](?:[ -]?[0-9]){12,18}(?![0-9])");

    private static final Pattern PHONE = Pattern.compile("\\+[1-9][0-9]{6,14}");

    private Redaction() {}

    /** A copy without them. */
    static JsonNode of(JsonNode node) {
        if (node instanceof ObjectNode fields) {
            var copy = JsonNodeFactory.instance.objectNode();
            fields.properties()
                    .forEach(
                            it ->
                                    copy.set(
                                            it.getKey(),
                                            isLeftOut(it.getKey(), it.getValue())
                                                    ? TextNode.valueOf(LEFT_OUT)
                                                    : of(it.getValue())));
            return copy;
        }
        if (node instanceof ArrayNode items) {
            var copy = JsonNodeFactory.instance.arrayNode();
            items.forEach(it -> copy.add(of(it)));
            return copy;
        }
        if (node.isTextual()) {
            return TextNode.valueOf(text(node.textValue()));
        }
        return node.isIntegralNumber() && isCard(node.asText()) ? TextNode.valueOf(LEFT_OUT) : node;
    }

    static String text(String text) {
        var withoutCards =
                CARD.matcher(text)
                        .replaceAll(it -> isCard(it.group()) ? "\\[left out]" : it.group());
        return PHONE.matcher(withoutCards).replaceAll("\\[left out]");
    }

    /** That there is none says nothing about anybody, nor does whether something is so. */
    private static boolean isLeftOut(String field, JsonNode value) {
        if (value.isNull() || value.isBoolean()) {
            return false;
        }
        var name = SEPARATORS.matcher(field).replaceAll("").toLowerCase(Locale.ROOT);
        return NAMES.contains(name) || PARTS.stream().anyMatch(name::contains);
    }

    /** Luhn's sum, which one number in ten has by chance: rather one too many. */
    private static boolean isCard(String text) {
        var digits = text.replaceAll("[ -]", "");
        if (digits.length() < 13 || digits.length() > 19 || !digits.matches("[0-9]+")) {
            return false;
        }
        var sum = 0;
        for (var i = 0; i < digits.length(); i++) {
            var digit = digits.charAt(digits.length() - 1 - i) - '0';
            var doubled = i % 2 == 0 ? digit : digit * 2;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return sum % 10 == 0;
    }
}
