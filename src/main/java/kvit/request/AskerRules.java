package kvit.request;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Comparator;
import kvit.identity.Person;
import kvit.money.Money;
import kvit.problem.Problem;
import kvit.rules.Party;
import kvit.rules.Rules;
import kvit.rules.Tier;
import org.jspecify.annotations.Nullable;

/**
 * Whether somebody could be paid at all what they ask for: by the rules about themselves. What
 * those who are asked may send is theirs to hear, when they pay.
 */
@ApplicationScoped
class AskerRules {

    private final Rules rules;

    AskerRules(Rules rules) {
        this.rules = rules;
    }

    /** The largest share is asked about: each of them arrives by itself. */
    @Nullable Problem refusal(Person asker, SharePlan plan, Instant at) {
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
