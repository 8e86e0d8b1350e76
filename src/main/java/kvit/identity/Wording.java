package kvit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an SMS says. The code comes last, where phones find it, and the warning before it. */
@ApplicationScoped
class Wording {

    private static final Map<String, String> SIGN_IN =
            Map.of(
                    "en", "Kvit: never tell this code to anybody, not even to us. Your code is %s",
                    "fr", "Kvit : ne donnez ce code à personne, pas même à nous. Votre code : %s",
                    "ru", "Kvit: никому не сообщайте этот код, даже нам. Ваш код: %s");

    /** The payee's name is one that they chose, so it stands in quotes. */
    private static final Map<String, String> CONFIRMATION =
            Map.of(
                    "en",
                    "Kvit: you send %s to \"%s\". Never tell this code to anybody, not even to us. "
                            + "Your code is %s",
                    "fr",
                    "Kvit : vous envoyez %s à \"%s\". Ne donnez ce code à personne, pas même à nous. "
                            + "Votre code : %s",
                    "ru",
                    "Kvit: вы отправляете %s, получатель \"%s\". Никому не сообщайте этот код, даже нам. "
                            + "Ваш код: %s");

    String signIn(@Nullable String locale, String code) {
        return in(locale, SIGN_IN).formatted(code);
    }

    /** With what is confirmed, so that nobody confirms something else than they think. */
    String confirmation(Confirmation confirmation, String code) {
        return in(confirmation.locale(), CONFIRMATION)
                .formatted(confirmation.amount(), confirmation.payee(), code);
    }

    /** In the language of the locale, in English where we do not speak it. */
    private static String in(@Nullable String locale, Map<String, String> texts) {
        var language = Locale.forLanguageTag(locale == null ? "en" : locale).getLanguage();
        return texts.getOrDefault(language, String.valueOf(texts.get("en")));
    }
}
