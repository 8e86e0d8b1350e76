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

    /** In the language of the locale, in English where we do not speak it. */
    String signIn(@Nullable String locale, String code) {
        var language = Locale.forLanguageTag(locale == null ? "en" : locale).getLanguage();
        return SIGN_IN.getOrDefault(language, String.valueOf(SIGN_IN.get("en"))).formatted(code);
    }
}
