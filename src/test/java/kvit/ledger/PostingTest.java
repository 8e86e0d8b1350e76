package kvit.ledger;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import kvit.ledger.Posting.Line;
import kvit.money.Currency;
import org.junit.jupiter.api.Test;

/** What a posting is, before any database. */
class PostingTest {

    private final Account anna = Account.wallet(new UUID(0, 1), Currency.USD);
    private final Account boris = Account.wallet(new UUID(0, 2), Currency.USD);
    private final Account annaEuro = Account.wallet(new UUID(0, 1), Currency.EUR);
    private final Account borisEuro = Account.wallet(new UUID(0, 2), Currency.EUR);

    @Test
    void sumsToZeroInEachCurrency() {
        assertThatCode(() -> posting(line(anna, -5), line(boris, 5))).doesNotThrowAnyException();
        assertThatCode(
                        () ->
                                posting(
                                        line(anna, -5),
                                        line(boris, 5),
                                        line(annaEuro, 7),
                                        line(borisEuro, -7)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> posting(line(anna, -5), line(boris, 4)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> posting(line(anna, -5), line(annaEuro, 5)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hasTwoLegsAndNamesNoAccountTwice() {
        assertThatThrownBy(() -> posting(line(anna, 5)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> posting()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> posting(line(anna, 5), line(anna, -5)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hasNoLineOfNothing() {
        assertThatThrownBy(() -> line(anna, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesASumThatOverflows() {
        assertThatThrownBy(
                        () ->
                                posting(
                                        line(anna, Long.MAX_VALUE),
                                        line(boris, Long.MAX_VALUE),
                                        line(Account.world(Currency.USD), 2)))
                .isInstanceOf(ArithmeticException.class);
    }

    private static Line line(Account account, long minor) {
        return new Line(account, minor);
    }

    private static Posting posting(Line... lines) {
        return new Posting(new UUID(0, 9), "test", Instant.EPOCH, List.of(lines), null, null);
    }
}
