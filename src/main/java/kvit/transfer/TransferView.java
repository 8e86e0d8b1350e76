package kvit.transfer;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import kvit.identity.Person;
import kvit.identity.PersonView;
import kvit.identity.Stranger;
import kvit.identity.Visibility;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * A transfer as its two parties see it.
 *
 * @param fundingSource {@code wallet}, {@code card} or {@code walletThenCard}; to anybody but the
 *     payer, always the first: how it was paid for is the payer's to know
 * @param declineCode why it was declined; to nobody but the payer, since a missing one would say it
 *     as well
 * @param cardId the card that pays; absent where the wallet does
 * @param charged how much of it the card pays, nothing where it has come to nothing; absent where
 *     the wallet pays
 * @param payeePhone masked, of a payee whom nobody knows; absent once somebody has claimed it
 * @param waitsFor of a pending one: {@code review}, {@code funds}, {@code claim} or the payee's
 *     {@code card}; absent of any other
 * @param request the share of a request that it is for; absent where nobody has asked for it
 */
public record TransferView(
        UUID id,
        TransferState state,
        PersonView payer,
        @Nullable PersonView payee,
        Money amount,
        Money fee,
        @Nullable String note,
        Visibility visibility,
        String fundingSource,
        @Nullable String reference,
        @Nullable String conversation,
        Instant createdAt,
        @Nullable Instant completedAt,
        @Nullable Instant expiresAt,
        Money refunded,
        @Nullable UUID refundOf,
        @Nullable String declineCode,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable UUID cardId,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Money charged,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ShareRef request,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String payeePhone,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable WaitsFor waitsFor) {

    enum WaitsFor {
        /** Somebody of ours looks at it. */
        @JsonProperty("review")
        REVIEW,
        /** Its card is being charged. */
        @JsonProperty("funds")
        FUNDS,
        /** Whoever has the phone that it was sent to proves it by signing in. */
        @JsonProperty("claim")
        CLAIM,
        /** The payee adds a card. */
        @JsonProperty("card")
        CARD
    }

    /** Sending is free from wherever the money comes. */
    static final String WALLET = "wallet";

    static TransferView of(Transfer transfer, Collection<Person> people) {
        return of(
                transfer,
                people.stream().collect(Collectors.toMap(Person::id, Function.identity())));
    }

    static TransferView of(Transfer transfer, Map<UUID, Person> people) {
        var currency = transfer.amount().currency();
        var funding = transfer.funding();
        return new TransferView(
                transfer.id(),
                transfer.state(),
                person(transfer.payer(), people),
                transfer.payee() == null ? null : person(transfer.payee(), people),
                transfer.amount(),
                Money.zero(currency),
                transfer.note(),
                transfer.visibility(),
                funding == null ? WALLET : name(funding.use()),
                transfer.reference(),
                transfer.conversation(),
                transfer.createdAt(),
                transfer.completedAt(),
                transfer.state().isWaiting() ? transfer.expiresAt() : null,
                new Money(transfer.refunded(), currency),
                transfer.refundOf(),
                transfer.declineCode(),
                funding == null ? null : funding.card(),
                funding == null ? null : charged(funding, transfer),
                transfer.share(),
                transfer.payee() == null && transfer.phone() != null
                        ? Stranger.masked(transfer.phone())
                        : null,
                waitsFor(transfer));
    }

    private static @Nullable WaitsFor waitsFor(Transfer transfer) {
        return switch (transfer.state()) {
            case PENDING -> WaitsFor.REVIEW;
            case CHARGING -> WaitsFor.FUNDS;
            case UNCLAIMED -> transfer.payee() == null ? WaitsFor.CLAIM : WaitsFor.CARD;
            case REQUIRES_CONFIRMATION, COMPLETED, DECLINED, CANCELLED, EXPIRED, REFUNDED -> null;
        };
    }

    private static Money charged(Funding funding, Transfer transfer) {
        return switch (transfer.state()) {
            case DECLINED, CANCELLED, EXPIRED -> Money.zero(transfer.amount().currency());
            case REQUIRES_CONFIRMATION, PENDING, CHARGING, UNCLAIMED, COMPLETED, REFUNDED ->
                    funding.charged();
        };
    }

    /** Without what is the payer's alone to know: how it was paid, and why it could not be. */
    TransferView to(UUID viewer) {
        return payer.id().equals(viewer)
                ? this
                : new TransferView(
                        id,
                        state,
                        payer,
                        payee,
                        amount,
                        fee,
                        note,
                        visibility,
                        WALLET,
                        reference,
                        conversation,
                        createdAt,
                        completedAt,
                        expiresAt,
                        refunded,
                        refundOf,
                        null,
                        null,
                        null,
                        request,
                        payeePhone,
                        waitsFor);
    }

    private static String name(FundingSource.Use use) {
        return switch (use) {
            case WALLET -> WALLET;
            case CARD -> "card";
            case WALLET_THEN_CARD -> "walletThenCard";
        };
    }

    private static PersonView person(UUID id, Map<UUID, Person> people) {
        var person = people.get(id);
        return person == null ? new PersonView(id, null, null) : person.view();
    }
}
