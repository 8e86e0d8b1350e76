package kvit.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import kvit.identity.PersonView;
import kvit.identity.Visibility;
import kvit.money.Currency;
import kvit.money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is the payer's alone to know. */
class TransferViewTest {

    private static final UUID ANNA = new UUID(0, 1);
    private static final UUID BORIS = new UUID(0, 2);
    private static final UUID CARD = new UUID(0, 3);
    private static final Money AMOUNT = new Money(12_50, Currency.USD);

    /** One code that is kept back would be known by its absence, so all are. */
    @ParameterizedTest
    @ValueSource(strings = {"charge-contested", "review-rejected", "funds-insufficient"})
    void onlyThePayerSeesWhyItWasDeclined(String code) {
        var paidByCard = declined(code, "card", CARD);
        var paidByWallet = declined(code, TransferView.WALLET, null);

        assertThat(paidByCard.to(BORIS)).isEqualTo(paidByWallet.to(BORIS));
        assertThat(paidByWallet.to(BORIS).declineCode()).isNull();
        assertThat(paidByCard.to(ANNA)).isEqualTo(paidByCard);
    }

    @Test
    void onlyThePayerSeesWhatPaidForIt() {
        var seen = declined("charge-contested", "card", CARD).to(BORIS);

        assertThat(seen.fundingSource()).isEqualTo("wallet");
        assertThat(seen.cardId()).isNull();
        assertThat(seen.charged()).isNull();
    }

    private static TransferView declined(String code, String source, UUID card) {
        return new TransferView(
                new UUID(0, 4),
                TransferState.DECLINED,
                new PersonView(ANNA, "Anna", "anna"),
                new PersonView(BORIS, "Boris", null),
                AMOUNT,
                Money.zero(Currency.USD),
                null,
                Visibility.PRIVATE,
                source,
                null,
                null,
                Instant.EPOCH,
                null,
                null,
                Money.zero(Currency.USD),
                null,
                code,
                card,
                card == null ? null : Money.zero(Currency.USD),
                null,
                null,
                null);
    }
}
