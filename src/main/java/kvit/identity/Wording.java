package kvit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an SMS says. A code comes last, where phones find it, and the warning before it. */
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

    /** None of them has a link to follow: that is what a thief's message would have. */
    private static final Map<String, String> FIRST_PIN =
            Map.of(
                    "en",
                    "Kvit: a PIN was set for your account. If it was not you, sign out your other "
                            + "devices and turn to us.",
                    "fr",
                    "Kvit : un code PIN a été défini pour votre compte. Si ce n'était pas vous, "
                            + "déconnectez vos autres appareils et contactez-nous.",
                    "ru",
                    "Kvit: для вашего счёта задан PIN-код. Если это были не вы, завершите сеансы на "
                            + "других устройствах и обратитесь к нам.");

    private static final Map<String, String> CHANGED_PIN =
            Map.of(
                    "en",
                    "Kvit: the PIN of your account was changed. If it was not you, sign out your other "
                            + "devices and turn to us.",
                    "fr",
                    "Kvit : le code PIN de votre compte a été modifié. Si ce n'était pas vous, "
                            + "déconnectez vos autres appareils et contactez-nous.",
                    "ru",
                    "Kvit: PIN-код вашего счёта изменён. Если это были не вы, завершите сеансы на других "
                            + "устройствах и обратитесь к нам.");

    private static final Map<String, String> RESET_PIN =
            Map.of(
                    "en",
                    "Kvit: the PIN of your account was reset and your other devices were signed out. If "
                            + "it was not you, turn to us at once.",
                    "fr",
                    "Kvit : le code PIN de votre compte a été réinitialisé et vos autres appareils ont "
                            + "été déconnectés. Si ce n'était pas vous, contactez-nous immédiatement.",
                    "ru",
                    "Kvit: PIN-код вашего счёта сброшен, сеансы на других устройствах завершены. Если это "
                            + "были не вы, немедленно обратитесь к нам.");

    private static final Map<String, String> CARD =
            Map.of(
                    "en",
                    "Kvit: you add your card ending %s. Never tell this code to anybody, not even to "
                            + "us. Your code is %s",
                    "fr",
                    "Kvit : vous ajoutez votre carte se terminant par %s. Ne donnez ce code à personne, "
                            + "pas même à nous. Votre code : %s",
                    "ru",
                    "Kvit: вы добавляете карту, последние цифры %s. Никому не сообщайте этот код, даже "
                            + "нам. Ваш код: %s");

    String signIn(@Nullable String locale, String code) {
        return in(locale, SIGN_IN).formatted(code);
    }

    /** With what is confirmed, so that nobody confirms something else than they think. */
    String confirmation(Confirmation confirmation, String code) {
        if (confirmation.cardLast4() != null) {
            return in(confirmation.locale(), CARD).formatted(confirmation.cardLast4(), code);
        }
        return in(confirmation.locale(), CONFIRMATION)
                .formatted(confirmation.amount(), confirmation.payee(), code);
    }

    String firstPin(String locale) {
        return in(locale, FIRST_PIN);
    }

    String changedPin(String locale) {
        return in(locale, CHANGED_PIN);
    }

    String resetPin(String locale) {
        return in(locale, RESET_PIN);
    }

    /** In the language of the locale, in English where we do not speak it. */
    private static String in(@Nullable String locale, Map<String, String> texts) {
        var language = Locale.forLanguageTag(locale == null ? "en" : locale).getLanguage();
        return texts.getOrDefault(language, String.valueOf(texts.get("en")));
    }
}
