package kvit.transfer;

import static kvit.transfer.TransferProblem.TRANSFER_NOT_FOUND;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import kvit.identity.People;
import kvit.money.Money;
import kvit.problem.Problem;
import kvit.rules.Rules;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/** What other capabilities ask about single transfers, for operators. */
@ApplicationScoped
public class TransferFiles {

    private final TransferStore store;
    private final People people;
    private final Rules rules;
    private final Clock clock;

    TransferFiles(TransferStore store, People people, Rules rules, Clock clock) {
        this.store = store;
        this.people = people;
        this.rules = rules;
        this.clock = clock;
    }

    /**
     * One that has moved, and can be given back.
     *
     * @param at when it moved
     * @param left what was not given back yet
     */
    public record Sent(UUID payer, UUID payee, Instant at, Money left) {}

    /**
     * Empty of one that has not moved, and of a refund.
     *
     * @throws Problem TRANSFER_NOT_FOUND
     */
    public Optional<Sent> sent(UUID transfer) {
        return sent(transfer, store.find(transfer).orElse(null));
    }

    /**
     * The same under lock; before any account is locked.
     *
     * @throws Problem TRANSFER_NOT_FOUND
     */
    public Optional<Sent> lockSent(UUID transfer) {
        return sent(transfer, store.lock(List.of(transfer)).get(transfer));
    }

    private static Optional<Sent> sent(UUID id, @Nullable Transfer transfer) {
        if (transfer == null) {
            throw TRANSFER_NOT_FOUND.because("No transfer " + id + ".");
        }
        return transfer.isRefundable()
                ? Optional.of(
                        new Sent(
                                transfer.payer(),
                                Objects.requireNonNull(transfer.payee()),
                                Objects.requireNonNullElse(
                                        transfer.completedAt(), transfer.createdAt()),
                                transfer.left()))
                : Optional.empty();
    }

    /** Why a sanction keeps what is ours from somebody who has lost theirs; empty of most. */
    public Optional<Problem> sanction(UUID customer, Money amount) {
        var person = Objects.requireNonNull(people.byIds(Set.of(customer)).get(customer));
        return Optional.ofNullable(rules.freeze(Ruling.party(person), amount, clock.instant()));
    }

    /** The payer and then the payee; of one whose payee was nobody, the payer; of none, nobody. */
    public List<UUID> parties(UUID transfer) {
        return store.find(transfer).stream()
                .flatMap(it -> Stream.of(it.payer(), it.payee()))
                .filter(Objects::nonNull)
                .toList();
    }
}
