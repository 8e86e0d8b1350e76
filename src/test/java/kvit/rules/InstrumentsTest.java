package kvit.rules;

import static kvit.rules.Operation.PAY_OUT;
import static kvit.rules.Operation.RECEIVE;
import static kvit.rules.Operation.SEND;
import static kvit.rules.Operation.TOP_UP;
import static kvit.rules.RulesProblem.FUNDING_SOURCE_UNUSABLE;
import static kvit.rules.TestRules.ALL;
import static kvit.rules.TestRules.SERVED;
import static kvit.rules.TestRules.of;
import static kvit.rules.TestRules.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What money may come from and go to. */
class InstrumentsTest {

    static final Map<Instrument, Set<Operation>> MAY =
            Map.of(
                    Instrument.WALLET, EnumSet.of(SEND, RECEIVE),
                    Instrument.DEBIT, EnumSet.allOf(Operation.class),
                    Instrument.CREDIT, EnumSet.noneOf(Operation.class),
                    Instrument.PREPAID, EnumSet.of(SEND),
                    Instrument.GOVERNMENT, EnumSet.of(SEND),
                    Instrument.HEALTH, EnumSet.noneOf(Operation.class),
                    Instrument.BANK_ACCOUNT, EnumSet.of(PAY_OUT),
                    Instrument.UNKNOWN, EnumSet.noneOf(Operation.class));

    /** The same in every country that is served. */
    @ParameterizedTest
    @EnumSource(Instrument.class)
    void eachInstrumentMayDoWhatItMay(Instrument instrument) {
        for (var country : SERVED) {
            for (var operation : Operation.values()) {
                var refusal = refusal(of(operation, country).with(instrument));
                if (MAY.get(instrument).contains(operation)) {
                    assertThat(refusal).isNull();
                } else {
                    assertThat(refusal.type()).isEqualTo(FUNDING_SOURCE_UNUSABLE);
                }
            }
        }
    }

    @Test
    void saysWhyInThePersonsLanguage() {
        assertThat(refusal(of(TOP_UP, "FR").with(Instrument.PREPAID).locale("fr")))
                .hasMessage("Cette carte ne peut qu'envoyer de l'argent.");
        assertThat(refusal(of(TOP_UP, "FR").with(Instrument.BANK_ACCOUNT).locale("ru")))
                .hasMessage("Эту карту или счёт нельзя использовать для этого.");
    }

    /** A card whose kind nobody could tell is like one of a kind without a rule. */
    @Test
    void withoutRulesNoInstrumentIsUsable() {
        var others = ALL.stream().filter(it -> it.kind() != Kind.INSTRUMENT).toList();
        var rules = new RuleSet(2, others);
        for (var instrument : Instrument.values()) {
            assertThat(rules.decide(of(SEND, "FR").with(instrument).facts()).refusal().type())
                    .isEqualTo(FUNDING_SOURCE_UNUSABLE);
        }
        assertThat(rules.decide(of(SEND, "FR").with(null).facts()).refusal()).isNull();
    }
}
