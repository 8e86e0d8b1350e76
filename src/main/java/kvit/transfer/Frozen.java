package kvit.transfer;

import static kvit.identity.PersonProblem.CUSTOMER_FROZEN;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import kvit.identity.People;
import kvit.identity.Person;
import kvit.identity.PersonRef;
import kvit.money.Money;
import kvit.problem.Problem;
import kvit.rules.Rules;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Whether money that is under way, or goes back, has to stay where it is: because one of the two is
 * frozen, or a sanction stands between their countries. No other rule holds back what was decided.
 */
@ApplicationScoped
class Frozen {

    private final People people;
    private final Rules rules;
    private final Clock clock;

    Frozen(People people, Rules rules, Clock clock) {
        this.people = people;
        this.rules = rules;
        this.clock = clock;
    }

    /** People as they are now; found with one query for all that is to be decided. */
    Known know(Collection<UUID> persons) {
        return new Known(
                people.find(persons.stream().map(PersonRef::of).collect(Collectors.toSet())));
    }

    /** Of one transfer that waits, also for a payee whom nobody knows yet. */
    @Nullable Problem refusal(Transfer waiting) {
        var payee = waiting.payee();
        if (payee != null) {
            return know(List.of(waiting.payer(), payee))
                    .refusal(waiting.payer(), payee, waiting.amount());
        }
        var payer = know(List.of(waiting.payer())).persons.get(PersonRef.of(waiting.payer()));
        if (payer == null || !payer.mayMoveMoney()) {
            return CUSTOMER_FROZEN.because("Your wallet is frozen; ask the support.");
        }
        var stranger = people.stranger(new PersonRef(null, null, waiting.phone())).orElse(null);
        return stranger == null
                ? null
                : rules.freeze(
                        Ruling.party(payer),
                        Ruling.party(stranger.person()),
                        waiting.amount(),
                        clock.instant());
    }

    /** What is known of some people. */
    class Known {

        private final Map<PersonRef, Person> persons;

        private Known(Map<PersonRef, Person> persons) {
            this.persons = persons;
        }

        /** One of those whose money may move. */
        Person person(UUID id) {
            return Objects.requireNonNull(persons.get(PersonRef.of(id)), "asked about before");
        }

        /** CUSTOMER_FROZEN, or what a sanction says; null where the money may move. */
        @Nullable Problem refusal(UUID payer, UUID payee, Money amount) {
            var from = persons.get(PersonRef.of(payer));
            var to = persons.get(PersonRef.of(payee));
            if (from == null || to == null || !from.mayMoveMoney() || !to.mayMoveMoney()) {
                return CUSTOMER_FROZEN.because("One of the two wallets is frozen.");
            }
            return rules.freeze(Ruling.party(from), Ruling.party(to), amount, clock.instant());
        }
    }
}
