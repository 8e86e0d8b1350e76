package kvit.transfer;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.UUID;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a payer wants to pay with: the text {@code wallet}, or a card and how it is used.
 *
 * @param cardId null where no card is named
 * @param use null for the card, where one is named
 */
@Schema(description = "What pays; without it, or with the text wallet in its place, the wallet")
public record FundingSource(@Nullable UUID cardId, @Nullable Use use) {

    /** Which of the two pays. */
    public enum Use {
        @JsonProperty("wallet")
        WALLET,
        @JsonProperty("card")
        CARD,
        /** The wallet as far as it goes, and the card for the rest. */
        @JsonProperty("walletThenCard")
        WALLET_THEN_CARD
    }

    @JsonCreator
    public FundingSource(
            @JsonProperty("cardId") @Nullable UUID cardId, @JsonProperty("use") @Nullable Use use) {
        this.cardId = cardId;
        this.use = use;
    }

    /** The short form; any other text names nothing. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static FundingSource of(String text) {
        return new FundingSource(null, text.equals(TransferView.WALLET) ? Use.WALLET : null);
    }

    /**
     * For whoever wants to know of it before anything else is asked.
     *
     * @throws Problem VALIDATION_FAILED as below
     */
    public static void require(@Nullable FundingSource source) {
        card(source);
    }

    /**
     * The card that pays; null where the wallet does.
     *
     * @throws Problem VALIDATION_FAILED where neither is named, or a use of a card without one
     */
    static @Nullable CardSource card(@Nullable FundingSource source) {
        if (source == null || source.use == Use.WALLET) {
            return null;
        }
        if (source.cardId == null) {
            throw GeneralProblem.invalid("/fundingSource", "must be wallet, or have a cardId");
        }
        return new CardSource(source.cardId, source.use == null ? Use.CARD : source.use);
    }
}
