package kvit.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import kvit.ledger.Account.Kind;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.reconcile.SafeguardingView.Cause;
import kvit.reconcile.SafeguardingView.Outside;
import kvit.reconcile.SafeguardingView.Part;
import kvit.reconcile.SafeguardingView.State;
import org.junit.jupiter.api.Test;

/** What the difference between the bank and what customers are owed consists of. */
class SafeguardingViewTest {

    @Test
    void theExampleIsShortThoughItLooksLikeAnExcess() {
        var view =
                view(
                        Map.of(
                                Kind.WALLET, 215_00L,
                                Kind.BANK, -272_59L,
                                Kind.CARD_CLEARING, -20_00L,
                                Kind.PROCESSOR_FEES, -8_75L,
                                Kind.SUSPENSE_SHORTFALL, -1_00L,
                                Kind.SUSPENSE_UNAPPLIED, 87_34L),
                        new Outside(272_59, null, 75_00, 90));

        assertThat(view.headline()).isEqualTo(eur(45_25));
        assertThat(view.truePosition()).isEqualTo(eur(-28_85));
        assertThat(view.state()).isEqualTo(State.RED);
    }

    /** Paid out to a card and taken from the next batch: until then it only looks like ours. */
    @Test
    void whatTheProcessorWillTakeMakesUpForNothing() {
        var books = Map.of(Kind.WALLET, 115_00L, Kind.CARD_CLEARING, 100_00L, Kind.BANK, -215_00L);
        var whole = view(books, new Outside(215_00, null, 0, 0));
        var withAHole = view(books, new Outside(155_00, null, 0, 0));

        assertThat(whole.headline()).isEqualTo(eur(100_00));
        assertThat(whole.parts()).containsExactly(part(Cause.OWED_TO_PROCESSOR, 100_00));
        assertThat(whole.truePosition()).isEqualTo(eur(0));
        assertThat(whole.state()).isEqualTo(State.GREEN);
        assertThat(withAHole.headline()).isEqualTo(eur(40_00));
        assertThat(withAHole.truePosition()).isEqualTo(eur(-60_00));
        assertThat(withAHole.state()).isEqualTo(State.RED);
    }

    @Test
    void whatNobodyHasPostedMakesUpForNothing() {
        var view =
                view(
                        Map.of(Kind.WALLET, 100_00L, Kind.BANK, -60_00L, Kind.LOSSES, -40_00L),
                        new Outside(1_060_00, null, 0, 0));

        assertThat(view.headline()).isEqualTo(eur(960_00));
        assertThat(view.parts())
                .containsExactly(part(Cause.LOSSES, -40_00), part(Cause.NOT_IN_BOOKS, 1_000_00));
        assertThat(view.truePosition()).isEqualTo(eur(-40_00));
        assertThat(view.state()).isEqualTo(State.RED);
    }

    /** What the bank does not have is missing, whoever has posted it. */
    @Test
    void whatTheBankDoesNotHaveIsMissing() {
        var view =
                view(
                        Map.of(Kind.WALLET, 100_00L, Kind.BANK, -100_00L),
                        new Outside(90_00, null, 0, 0));

        assertThat(view.truePosition()).isEqualTo(eur(-10_00));
    }

    /** Whatever the books are: the parts are the difference, and nothing makes the truth better. */
    @Test
    void thePartsAreTheDifferenceAndTheTruthIsNoBetter() {
        var random = new Random(6);
        for (var i = 0; i < 2_000; i++) {
            var totals = new EnumMap<Kind, Long>(Kind.class);
            var rest = 0L;
            for (var kind : Kind.values()) {
                if (kind != Kind.WALLET) {
                    var minor = random.nextLong(-1_000, 1_000);
                    totals.put(kind, minor);
                    rest += minor;
                }
            }
            totals.put(Kind.WALLET, -rest);
            var view =
                    view(
                            totals,
                            new Outside(
                                    random.nextLong(-1_000, 1_000),
                                    null,
                                    random.nextLong(0, 500) + 20,
                                    random.nextLong(0, 20)));
            assertThat(view.parts().stream().mapToLong(it -> it.amount().minor()).sum())
                    .isEqualTo(view.headline().minor());
            assertThat(view.truePosition().minor()).isLessThanOrEqualTo(view.headline().minor());
        }
    }

    private static SafeguardingView view(Map<Kind, Long> totals, Outside outside) {
        assertThat(totals.values().stream().mapToLong(it -> it).sum()).isZero();
        return SafeguardingView.of(Currency.EUR, Instant.EPOCH, totals, outside);
    }

    private static Part part(Cause cause, long minor) {
        return new Part(cause, eur(minor));
    }

    private static Money eur(long minor) {
        return new Money(minor, Currency.EUR);
    }
}
