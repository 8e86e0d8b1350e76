package kvit.rules;

import static kvit.rules.RulesProblem.CHANNEL_NOT_ALLOWED;
import static kvit.rules.TestRules.TELEGRAM;
import static kvit.rules.TestRules.WEB;
import static kvit.rules.TestRules.of;
import static kvit.rules.TestRules.refusal;
import static kvit.rules.TestRules.sending;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import kvit.problem.Members;
import kvit.rules.TestRules.Case;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The Russian bans of foreign messengers, by their second, by actor and by kind of data. */
class ChannelsTest {

    /** 00:00 in Moscow on 2023-03-01, by 584-FZ. */
    static final Instant FIRST = Instant.parse("2023-02-28T21:00:00Z");

    /** 00:00 in Moscow on 2025-06-01, by 41-FZ. */
    static final Instant SECOND = Instant.parse("2025-05-31T21:00:00Z");

    static Case inRussia(Channel channel) {
        return sending("RU", "RU").through(channel);
    }

    static Stream<String> bannedIn2023() {
        return Stream.of(
                "discord",
                "teams",
                "skype",
                "snapchat",
                "telegram",
                "threema",
                "viber",
                "whatsapp",
                "wechat");
    }

    @ParameterizedTest
    @MethodSource("bannedIn2023")
    void theBanOfForeignMessengersBeginsAtItsSecond(String platform) {
        var messenger = new Channel(platform, "US", Set.of(DataClass.TRANSFER_DATA));
        assertThat(refusal(inRussia(messenger).at(FIRST.minusSeconds(1)))).isNull();
        assertThat(refusal(inRussia(messenger).at(FIRST)).type()).isEqualTo(CHANNEL_NOT_ALLOWED);
        assertThat(refusal(inRussia(WEB).at(FIRST.minusSeconds(1)))).isNull();
        assertThat(refusal(inRussia(WEB).at(FIRST))).isNull();
        assertThat(refusal(sending("UA", "UA").through(messenger).at(FIRST))).isNull();
    }

    @ParameterizedTest
    @EnumSource(DataClass.class)
    void theFirstBanIsAboutEachOfItsKindsOfData(DataClass data) {
        var messenger = new Channel("telegram", "AE", Set.of(data));
        assertThat(refusal(inRussia(messenger).at(FIRST.minusSeconds(1)))).isNull();
        assertThat(Members.of(refusal(inRussia(messenger).at(FIRST))))
                .containsEntry("rule", "channel/RU-584");
    }

    /** A shell through which nothing passes is not what that law is about; the second one is. */
    @ParameterizedTest
    @MethodSource("bannedIn2023")
    void theFirstBanIsAboutDataAndTheSecondAboutTalking(String platform) {
        var shell = new Channel(platform, "US", Set.of());
        assertThat(refusal(inRussia(shell).at(FIRST))).isNull();
        assertThat(refusal(inRussia(shell).at(SECOND.minusSeconds(1)))).isNull();
        assertThat(Members.of(refusal(inRussia(shell).at(SECOND))))
                .containsEntry("rule", "channel/RU-41");
    }

    /** It is not one of the nine, and nevertheless foreign. */
    @Test
    void messengerIsOffFromTheSecondBanOn() {
        var messenger = new Channel("messenger", "US", Set.of(DataClass.TRANSFER_DATA));
        assertThat(refusal(inRussia(messenger).at(SECOND.minusSeconds(1)))).isNull();
        assertThat(refusal(inRussia(messenger).at(SECOND)).type()).isEqualTo(CHANNEL_NOT_ALLOWED);
    }

    @ParameterizedTest
    @CsvSource({"BANK, true", "E_MONEY_INSTITUTION, true", "STATE_BODY, true", "OTHER, false"})
    void theBansAreAboutInstitutionsAndNotAboutEverybody(Actor actor, boolean isBanned) {
        for (var at : List.of(FIRST, SECOND, TestRules.NOW)) {
            assertThat(refusal(inRussia(TELEGRAM).actor(actor).at(at)) != null).isEqualTo(isBanned);
        }
    }

    /** Of whatever somebody does there; what they are sent comes through no front end of theirs. */
    @Test
    void theBanIsAboutAllThatSomebodyDoesThere() {
        for (var operation : List.of(Operation.SEND, Operation.TOP_UP, Operation.PAY_OUT)) {
            assertThat(refusal(of(operation, "RU").through(TELEGRAM)).type())
                    .isEqualTo(CHANNEL_NOT_ALLOWED);
        }
        assertThat(refusal(of(Operation.RECEIVE, "RU"))).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "en, Since 1 June 2025 the law",
        "fr-CA, 'Depuis le 1er juin 2025, la loi'",
        "ru, С 1 июня 2025 года закон",
        "de, Since 1 June 2025 the law"
    })
    void saysWhyInThePersonsLanguage(String locale, String beginning) {
        var shell = new Channel("telegram", "AE", Set.of());
        assertThat(refusal(inRussia(shell).locale(locale))).hasMessageStartingWith(beginning);
    }
}
