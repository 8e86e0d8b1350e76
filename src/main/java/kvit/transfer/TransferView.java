package kvit.transfer;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import kvit.identity.Person;
import kvit.identity.PersonView;
import kvit.identity.Visibility;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/** A transfer as its two parties see it. */
record TransferView(
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
        @Nullable String declineCode) {

    /** The only source of money there is so far; sending from it is free. */
    static final String WALLET = "wallet";

    static TransferView of(Transfer transfer, Collection<Person> people) {
        return of(
                transfer,
                people.stream().collect(Collectors.toMap(Person::id, Function.identity())));
    }

    static TransferView of(Transfer transfer, Map<UUID, Person> people) {
        var currency = transfer.amount().currency();
        return new TransferView(
                transfer.id(),
                transfer.state(),
                person(transfer.payer(), people),
                transfer.payee() == null ? null : person(transfer.payee(), people),
                transfer.amount(),
                Money.zero(currency),
                transfer.note(),
                transfer.visibility(),
                WALLET,
                transfer.reference(),
                transfer.conversation(),
                transfer.createdAt(),
                transfer.completedAt(),
                transfer.state().isWaiting() ? transfer.expiresAt() : null,
                new Money(transfer.refunded(), currency),
                transfer.refundOf(),
                transfer.declineCode());
    }

    private static PersonView person(UUID id, Map<UUID, Person> people) {
        var person = people.get(id);
        return person == null ? new PersonView(id, null, null) : person.view();
    }
}
