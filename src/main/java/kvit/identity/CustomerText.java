package kvit.identity;

import java.util.Locale;

/** A text message in the languages that we speak. */
public record CustomerText(String english, String french, String russian) {

    /**
     * In the language of the locale, in English where we do not speak it.
     *
     * @param locale BCP 47
     * @param values for the places in the text
     */
    public String in(String locale, Object... values) {
        return switch (Locale.forLanguageTag(locale).getLanguage()) {
            case "fr" -> french.formatted(values);
            case "ru" -> russian.formatted(values);
            default -> english.formatted(values);
        };
    }
}
