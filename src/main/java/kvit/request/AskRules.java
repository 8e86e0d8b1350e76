package kvit.request;

import static kvit.identity.PersonProblem.CUSTOMER_FROZEN;
import static kvit.request.RequestProblem.ASKER_IS_PAYER;
import static kvit.request.RequestProblem.PAYER_TWICE;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import kvit.identity.Person;
import kvit.money.Money;
import kvit.problem.Problem;
import kvit.rules.Party;
import kvit.rules.Rules;
import kvit.rules.Tier;
import org.jspecify.annotations.Nullable;

/**
 * Whether somebody may ask these people, and could be paid at all what they ask for: by the rules
 * about themselves. What those who are asked may send is theirs to hear, when they pay.
 */
@ApplicationScoped
class AskRules {

    private final Rules rules;

    AskRules(Rules rules) {
        this.rules = rules;
    }

    /** One rule a line, in the order of problems. */
    @Nullable Problem refusal(
            @Nullable Person asker, List<Person> payers, SharePlan plan, Instant at) {
        if (asker == null) {
            return CUSTOMER_FROZEN.because("Your wallet is frozen; ask the support.");
        }
        if (payers.stream().anyMatch(it -> it.id().equals(asker.id()))) {
            return ASKER_IS_PAYER.because("Say includeMe to bear a part of it.");
        }
        var different = new HashSet<UUID>();
        if (!payers.stream().allMatch(it -> different.add(it.id()))) {
            return PAYER_TWICE.because("Two of them are the same person.");
        }
        if (!asker.mayMoveMoney()) {
            return CUSTOMER_FROZEN.because("Your wallet is frozen; ask the support.");
        }
        if (!payers.stream().allMatch(Person::mayMoveMoney)) {
            return CUSTOMER_FROZEN.because("Somebody of them cannot send money right now.");
        }
        return refusalOfRules(asker, plan, at);
    }

    /** The largest share is asked about: each of them arrives by itself. */
    private @Nullable Problem refusalOfRules(Person asker, SharePlan plan, Instant at) {
        var party =
                new Party(
                        asker.id(),
                        asker.country(),
                        asker.birthDate(),
                        Tier.valueOf(asker.tier().name()),
                        asker.locale());
        var largest = plan.shares().stream().max(Comparator.comparing(Money::minor)).orElseThrow();
        return rules.onAsking(party, largest, at);
    }
}
