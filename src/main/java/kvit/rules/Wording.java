package kvit.rules;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** What to say to a person where no rule speaks. */
class Wording {

    private static final Map<Kind, Map<String, String>> NO_RULE =
            Map.of(
                    Kind.COUNTRY,
                    Map.of(
                            "en", "We do not serve this country.",
                            "fr", "Nous ne servons pas ce pays.",
                            "ru", "Мы не работаем в этой стране."),
                    Kind.CHANNEL,
                    Map.of(
                            "en", "Payments are off in this app; use another one.",
                            "fr", "Paiements fermés dans cette application ; prenez-en une autre.",
                            "ru", "В этом приложении платежи недоступны; войдите через другое."),
                    Kind.CORRIDOR,
                    Map.of(
                            "en", "No money goes between these two countries.",
                            "fr", "Aucun transfert entre ces deux pays.",
                            "ru", "Переводы между этими странами недоступны."),
                    Kind.CURRENCY,
                    Map.of(
                            "en", "This currency is not used in your country.",
                            "fr", "Cette devise n'est pas utilisée dans votre pays.",
                            "ru", "Эта валюта в вашей стране не используется."),
                    Kind.INSTRUMENT,
                    Map.of(
                            "en", "This card or account cannot be used for that.",
                            "fr", "Cette carte ou ce compte ne peut pas servir à cela.",
                            "ru", "Эту карту или счёт нельзя использовать для этого."));

    private static final Map<String, String> OTHERWISE =
            Map.of(
                    "en", "This is not allowed in your country.",
                    "fr", "Ce n'est pas autorisé dans votre pays.",
                    "ru", "В вашей стране это не разрешено.");

    private static final Map<String, String> PAYEE_IS_FULL =
            Map.of(
                    "en", "The payee cannot receive as much right now.",
                    "fr", "Le bénéficiaire ne peut pas recevoir autant pour le moment.",
                    "ru", "Получатель сейчас не может принять столько.");

    private Wording() {}

    /** No more than that: how much somebody has received is theirs to know. */
    static String payeeIsFull(String locale) {
        return in(locale, PAYEE_IS_FULL);
    }

    static String noRule(Kind kind, String locale) {
        return in(locale, of(kind));
    }

    static Map<String, String> of(Kind kind) {
        return NO_RULE.getOrDefault(kind, OTHERWISE);
    }

    /** In the person's language, in English where we do not speak it. */
    static String in(String locale, Map<String, String> texts) {
        var language = Locale.forLanguageTag(locale).getLanguage();
        return Objects.requireNonNull(texts.getOrDefault(language, texts.get("en")), "English");
    }
}
