package kvit.card;

import static kvit.card.CardProblem.CARD_NOT_FOUND;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import java.time.YearMonth;
import java.util.List;
import java.util.UUID;
import kvit.idempotency.Answer;
import kvit.idempotency.IdempotencyKey;
import kvit.idempotency.Keyed;
import kvit.identity.Caller;
import kvit.identity.ConfirmationView;
import kvit.identity.Confirmations;
import kvit.identity.Scope;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

@Path(CardResource.PATH)
@Tag(name = "Cards")
@RolesAllowed(Scope.CARDS)
class CardResource {

    static final String PATH = "/v1/cards";

    private static final String KEY =
            "1 to 255 printable ASCII characters; the same key is the same card, for ever."
                    + " A corrected `cvc` needs a new key";

    /**
     * As people type it: what is between the digits does not count. Whether it is a card's is found
     * out later, and no message ever quotes it.
     */
    record CardRequest(
            @NotNull @Pattern(regexp = "[0-9][0-9 -]{0,38}") String number,
            @NotNull @Min(1) @Max(12) Integer expiryMonth,
            @NotNull @Min(2000) @Max(9999) Integer expiryYear,
            @NotNull @Pattern(regexp = "[0-9]{3,4}") String cvc,
            @NotNull @Pattern(regexp = "[\\p{L}\\p{M}\\p{N} .,'’/-]{0,99}[\\p{L}\\p{N}.]")
                    String holder,
            @Nullable @Valid PayoutTerms payoutTerms) {

        EnrolCard.Order order() {
            return new EnrolCard.Order(
                    number.replaceAll("[ -]", ""),
                    YearMonth.of(expiryYear, expiryMonth),
                    cvc,
                    holder.strip(),
                    payoutTerms == null ? null : payoutTerms.acceptedFrom());
        }

        @Override
        public String toString() {
            return "a card";
        }
    }

    /**
     * That the card's owner has just accepted the terms of the processor for being paid out to,
     * where it has any. Without it the card is charged and not paid out to.
     *
     * @param acceptedFrom the IP address of the device on which they did
     */
    record PayoutTerms(@NotNull @Pattern(regexp = "[0-9a-fA-F:.]{2,45}") String acceptedFrom) {}

    record CardCodeRequest(@NotNull @Pattern(regexp = "[0-9]{6}") String code) {}

    /** There are at most as many cards as fit on one page, so there is never a next one. */
    record CardList(List<CardView> items, @Nullable String nextCursor) {}

    private final EnrolCard enrolCard;
    private final VerifyCard verifyCard;
    private final RemoveCard removeCard;
    private final Confirmations confirmations;
    private final CardStore store;
    private final Attempts attempts;
    private final Caller caller;

    CardResource(
            EnrolCard enrolCard,
            VerifyCard verifyCard,
            RemoveCard removeCard,
            Confirmations confirmations,
            CardStore store,
            Attempts attempts,
            Caller caller) {
        this.enrolCard = enrolCard;
        this.verifyCard = verifyCard;
        this.removeCard = removeCard;
        this.confirmations = confirmations;
        this.store = store;
        this.attempts = attempts;
        this.caller = caller;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Keyed
    @Operation(operationId = "addCard", summary = "Add a card; a code is sent to confirm it")
    @APIResponse(
            responseCode = "201",
            description = "The card, which waits for its code",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = CardView.class)))
    public Answer enrol(
            @HeaderParam(IdempotencyKey.HEADER) @Parameter(description = KEY, required = true)
                    @Nullable String key,
            @NotNull @Valid CardRequest request) {
        return enrolCard.enrol(attempts.attempt(caller.customerId(), key, request.order()));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/verification")
    @Operation(
            operationId = "verifyCard",
            summary = "Activate a card with the code that was sent for it")
    public CardView verify(UUID id, @NotNull @Valid CardCodeRequest request) {
        return CardView.of(verifyCard.verify(caller.customerId(), id, request.code()), null);
    }

    @POST
    @Consumes(MediaType.WILDCARD)
    @Path("{id}/verification/resend")
    @ResponseStatus(202)
    @Operation(
            operationId = "resendCardCode",
            summary = "Send a new code for a card; the old one is dead")
    @APIResponse(
            responseCode = "202",
            description = "The new code is on its way",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = ConfirmationView.class)))
    public ConfirmationView resend(UUID id) {
        return confirmations.resend(verifyCard.requireWaiting(caller.customerId(), id).id());
    }

    @GET
    @Operation(operationId = "listCards", summary = "Your cards, the newest first")
    public CardList list() {
        return new CardList(
                store.living(caller.customerId()).stream()
                        .filter(Card::isKnown)
                        .map(this::view)
                        .toList(),
                null);
    }

    @GET
    @Path("{id}")
    @Operation(operationId = "getCard", summary = "One of your cards")
    public CardView get(UUID id) {
        return store.find(caller.customerId(), id)
                .filter(Card::isKnown)
                .map(this::view)
                .orElseThrow(() -> CARD_NOT_FOUND.because("No such card of yours."));
    }

    @DELETE
    @Path("{id}")
    @Operation(
            operationId = "removeCard",
            summary = "Remove a card; its number is destroyed at once")
    public void remove(UUID id) {
        removeCard.remove(caller.customerId(), id);
    }

    private CardView view(Card card) {
        return CardView.of(
                card,
                card.state() == CardState.PENDING_VERIFICATION
                        ? confirmations.view(card.id()).orElse(null)
                        : null);
    }
}
