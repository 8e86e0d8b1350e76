package kvit.rules;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import kvit.money.Money;
import kvit.source.Clock;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Which of the last days' transfers would be decided otherwise if a rule were as proposed.
 *
 * <p>Each is decided twice as if it happened when the draft has taken effect: by the rules that are
 * in effect now, and by the same with the draft in its place; so whatever differs is the draft's
 * doing. What a limit would have counted is what was counted then; that some of it might have been
 * refused and so not counted is not followed up. Nor is what a threshold counts since a
 * confirmation, which with the draft would have been another one: a threshold demands here by the
 * amount alone.
 */
@ApplicationScoped
class DryRun {

    /** Examined by one call; the next one goes on from there. */
    static final int PORTION = 1_000;

    /**
     * What would be different.
     *
     * @param examined how many transfers were looked at
     * @param last the last of them; null when there are no more
     */
    record Difference(int examined, List<Changed> changed, @Nullable UUID last) {}

    /**
     * A transfer that would be decided otherwise.
     *
     * @param recorded the code it was refused with then; null when it was not
     * @param now what it would get by the rules in effect
     * @param proposed what it would get with the draft
     */
    record Changed(
            UUID transferId,
            Instant at,
            String payerCountry,
            String payeeCountry,
            Money amount,
            @Nullable String recorded,
            Verdict now,
            Verdict proposed) {

        /**
         * A problem's code and the rule that says so, or the state that it would be in at first.
         */
        @Schema(name = "DryRunVerdict")
        record Verdict(String outcome, @Nullable String rule) {}
    }

    private final RuleSets ruleSets;
    private final Rules rules;
    private final Limits limits;
    private final PastDecisions past;
    private final Clock clock;

    DryRun(RuleSets ruleSets, Rules rules, Limits limits, PastDecisions past, Clock clock) {
        this.ruleSets = ruleSets;
        this.rules = rules;
        this.limits = limits;
        this.past = past;
        this.clock = clock;
    }

    /**
     * Examines transfers in the order of time.
     *
     * @param after where the call before this one has stopped; null at first
     */
    Difference run(Rule draft, int days, @Nullable UUID after) {
        var now = clock.instant();
        var current = ruleSets.inEffect();
        var proposed = current.with(draft);
        var moment = draft.validFrom().isAfter(now) ? draft.validFrom() : now;
        var examined = past.since(now.minus(Duration.ofDays(days)), after, PORTION);
        var changed = new ArrayList<Changed>();
        for (var transfer : examined) {
            var today = verdict(current, transfer, moment, draft.id());
            var then = verdict(proposed, transfer, moment, draft.id());
            if (!today.equals(then)) {
                changed.add(
                        new Changed(
                                transfer.transfer(),
                                transfer.at(),
                                transfer.payer().country(),
                                transfer.payee().country(),
                                transfer.amount(),
                                transfer.refusal(),
                                today,
                                then));
            }
        }
        return new Difference(
                examined.size(),
                changed,
                examined.size() < PORTION ? null : examined.get(PORTION - 1).transfer());
    }

    /** What a transfer that is not refused would be at first. */
    private static String state(Set<Demand> demands) {
        if (demands.contains(Demand.CONFIRMATION)) {
            return "requires_confirmation";
        }
        return demands.isEmpty() ? "completed" : "pending";
    }

    private Changed.Verdict verdict(
            RuleSet set, PastDecisions.Past transfer, Instant moment, String rule) {
        var ruling =
                rules.onTransfer(
                        set,
                        transfer.actor(),
                        transfer.payer(),
                        transfer.payee(),
                        transfer.channel(),
                        transfer.instrument(),
                        transfer.amount(),
                        moment);
        if (ruling.refusal() != null) {
            return new Changed.Verdict(
                    ruling.refusal().type().code(), (String) ruling.refusal().member("rule"));
        }
        // Any other limit says the same to both.
        var drafts = ruling.limits().stream().filter(it -> it.rule().equals(rule)).toList();
        if (!drafts.isEmpty()
                && limits.standingsAt(drafts, transfer.transfer(), transfer.at()).stream()
                        .anyMatch(it -> !it.leaves(transfer.amount()))) {
            return new Changed.Verdict(RulesProblem.LIMIT_EXCEEDED.code(), rule);
        }
        return new Changed.Verdict(state(ruling.demands()), null);
    }
}
