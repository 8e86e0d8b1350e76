package kvit.rules;

import static kvit.rules.Kind.Reading.BOUND;
import static kvit.rules.Kind.Reading.PERMISSION;
import static kvit.rules.Kind.Reading.PROHIBITION;
import static kvit.rules.Kind.Reading.TERMS;
import static kvit.rules.Kind.Reading.THRESHOLD;

import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What a rule is about. Kinds are asked in this order, and the first refusal is the answer. */
@Schema(name = "RuleKind")
enum Kind {
    /** Nothing to or from there, whatever else is allowed; the text says no more than that. */
    SANCTION(PROHIBITION, RulesProblem.COUNTRY_NOT_SERVED),
    /** Whether people of this country are served at all. */
    COUNTRY(PERMISSION, RulesProblem.COUNTRY_NOT_SERVED),
    /** A country or a product that is being closed down: no new money, the rest stays reachable. */
    CLOSURE(PROHIBITION, RulesProblem.COUNTRY_NOT_SERVED),
    /** Through which front end, by its platform and by what of people's data it carries. */
    CHANNEL(PERMISSION, RulesProblem.CHANNEL_NOT_ALLOWED),
    /** From which country to which. */
    CORRIDOR(PERMISSION, RulesProblem.CORRIDOR_NOT_ALLOWED),
    CURRENCY(PERMISSION, RulesProblem.CURRENCY_NOT_ALLOWED),
    AGE(BOUND, RulesProblem.AGE_NOT_ALLOWED),
    /** Of one transfer. */
    AMOUNT(BOUND, RulesProblem.AMOUNT_OUT_OF_RANGE),
    /** Over a rolling time; counted where the money moves, because only there it is certain. */
    LIMIT(BOUND, RulesProblem.LIMIT_EXCEEDED),
    /** What money comes from and goes to: some cards may send and not receive. */
    INSTRUMENT(PERMISSION, RulesProblem.FUNDING_SOURCE_UNUSABLE),
    /**
     * How much may be sent on the payer's word alone: of one transfer, and of all since they last
     * confirmed one. What is beyond is confirmed, and so is what is in a currency without a bound
     * where another one has one, because nothing says how much that is.
     */
    CONFIRMATION(THRESHOLD, null),
    /**
     * How long money waits for its payee, who is not here yet or may not receive yet, and whether
     * the first payment to somebody without a card does.
     */
    ARRIVAL(TERMS, null);

    /** What the absence of a rule means. */
    enum Reading {
        /** Refused unless a rule allows it, also one that demands something of whom it allows. */
        PERMISSION,
        /** Refused unless a rule sets a bound, and within every bound that is set. */
        BOUND,
        /** Fine unless a rule refuses it. */
        PROHIBITION,
        /** Fine as it is unless a rule sets a bound, and beyond it with what the rule demands. */
        THRESHOLD,
        /** Refuses nothing: it says how. */
        TERMS;

        boolean hasBound() {
            return this == BOUND || this == THRESHOLD;
        }

        /** Whether silence is a refusal. */
        boolean needsRule() {
            return this == PERMISSION || this == BOUND;
        }
    }

    private final Reading reading;
    private final @Nullable RulesProblem problem;

    Kind(Reading reading, @Nullable RulesProblem problem) {
        this.reading = reading;
        this.problem = problem;
    }

    /** The payee is asked neither for a front end nor for a way nor for a word: they do nothing. */
    boolean concerns(Facts facts) {
        return switch (this) {
            case CHANNEL -> facts.channel() != null;
            case CORRIDOR, CONFIRMATION -> facts.operation() == Operation.SEND;
            case ARRIVAL -> facts.operation() == Operation.RECEIVE;
            case INSTRUMENT -> facts.instrument() != null;
            default -> true;
        };
    }

    Reading reading() {
        return reading;
    }

    RulesProblem problem() {
        return Objects.requireNonNull(problem, "refuses nothing");
    }
}
