package kvit.transfer;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import kvit.identity.Confirmations;
import kvit.identity.People;

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
        var payees = people.byIds(waiting.stream().map(RequestConfirmations::payee).toList());
        confirmations.request(
                waiting.stream()
                        .map(
                                it ->
                                        new Confirmations.Request(
                                                it.id(),
                                                it.payer(),
                                                it.amount().toString(),
                                                Objects.requireNonNull(payees.get(payee(it)))
                                                        .called(),
                                                it.terms()))
                        .toList());
    }

    private static UUID payee(Transfer transfer) {
        return Objects.requireNonNull(transfer.payee());
    }
}
