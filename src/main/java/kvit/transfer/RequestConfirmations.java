package kvit.transfer;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import kvit.identity.Confirmations;
import kvit.identity.People;
import kvit.identity.Person;

/** Has a code sent to the payer of each transfer that needs one, naming what it confirms. */
@ApplicationScoped
class RequestConfirmations {

    private final Confirmations confirmations;
    private final People people;

    RequestConfirmations(Confirmations confirmations, People people) {
        this.confirmations = confirmations;
        this.people = people;
    }

    /** In the transaction that makes the transfers. */
    void request(List<Transfer> made) {
        var waiting =
                made.stream()
                        .filter(it -> it.state() == TransferState.REQUIRES_CONFIRMATION)
                        .toList();
        if (waiting.isEmpty()) {
            return;
        }
        var payees =
                people.byIds(
                        waiting.stream().map(Transfer::payee).filter(Objects::nonNull).toList());
        confirmations.request(
                waiting.stream()
                        .map(
                                it ->
                                        new Confirmations.Request(
                                                it.id(),
                                                it.payer(),
                                                it.amount().toString(),
                                                payee(it, payees),
                                                it.terms()))
                        .toList());
    }

    /** Of a phone that is nobody's, the number as it was read: it is the payer's own word. */
    private static String payee(Transfer transfer, Map<UUID, Person> payees) {
        return transfer.phone() != null
                ? transfer.phone()
                : Objects.requireNonNull(payees.get(transfer.payee())).called();
    }
}
