package kvit.rules;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * One version of a rule.
 *
 * @param effect what it does to whom it fits; for a bound, to whoever is beyond it
 * @param validFrom from when the law or the decision holds
 * @param validTo when it ceases to; null is never
 * @param zone in which its dates were written, and in which people grow older
 * @param legalReference where it comes from
 * @param texts what to say to a person, by language: en, fr, ru; empty for what is allowed
 */
record Rule(
        String id,
        int version,
        Kind kind,
        Subject subject,
        Condition condition,
        Effect effect,
        Instant validFrom,
        @Nullable Instant validTo,
        ZoneId zone,
        String legalReference,
        Map<String, String> texts) {

    /**
     * @throws IllegalArgumentException if it is no rule; the message begins with the name of the
     *     field
     */
    Rule {
        RuleForm.check(id, version, kind, subject, condition, effect);
        RuleForm.checkDates(validFrom, validTo);
        RuleForm.checkWords(effect, legalReference, texts);
    }

    boolean appliesTo(Facts facts) {
        return holdsAt(facts.at()) && subject.fits(facts);
    }

    /** The same, were it of this rule's currency. */
    boolean appliesButForCurrencyTo(Facts facts) {
        return holdsAt(facts.at()) && subject.fitsButForCurrency(facts);
    }

    private boolean holdsAt(Instant at) {
        return !at.isBefore(validFrom) && (validTo == null || at.isBefore(validTo));
    }

    /**
     * What it does where it applies: a bound does nothing to whoever keeps to it, and a proof that
     * is required has been given, or denies.
     */
    Effect effectOn(Facts facts) {
        if (kind.reading().hasBound() && condition.holds(facts, zone)) {
            return Effect.ALLOW;
        }
        if (condition.requires() == Requirement.VERIFICATION) {
            return isFulfilledBy(facts.party()) ? Effect.ALLOW : Effect.DENY;
        }
        return effect;
    }

    /** Whether it requires what this person has already shown. */
    boolean isFulfilledBy(Party party) {
        return condition.requires() == Requirement.VERIFICATION && party.tier() == Tier.VERIFIED;
    }

    /** What it demands where it has this effect; null where it allows or refuses. */
    @Nullable Demand demand(Effect given) {
        return switch (given) {
            case REQUIRE ->
                    condition.requires() == Requirement.CARD ? Demand.CARD : Demand.CONFIRMATION;
            case HOLD -> Demand.REVIEW;
            case ALLOW, DENY -> null;
        };
    }

    /** Its name for the record of a decision. */
    String name() {
        return id + "@" + version;
    }

    /** The refusal, with what it names of this rule: its id, and what would lift the refusal. */
    Problem naming(Problem refusal) {
        refusal.with("rule", id);
        var required = condition.requires();
        return required == null ? refusal : refusal.with("required", required.code());
    }

    String text(String locale) {
        return Wording.in(locale, texts);
    }
}
