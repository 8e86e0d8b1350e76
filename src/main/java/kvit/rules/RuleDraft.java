package kvit.rules;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Map;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A rule as people write and review it: what Kvit comes with, and what operators propose.
 *
 * <p>A rule that has an end is proposed anew with its end, and one that should never have been with
 * an end in the past: nothing is taken out.
 *
 * @param validFrom in the zone: a date without one would be another moment for every reader
 * @param texts what to tell a person, in en, fr and ru; none where something is allowed
 */
record RuleDraft(
        @NotBlank @Size(max = 100) String id,
        @NotNull Kind kind,
        @NotNull Effect effect,
        @NotNull Subject subject,
        @Nullable Condition condition,
        @NotNull LocalDateTime validFrom,
        @Nullable LocalDateTime validTo,
        @NotNull @Schema(type = SchemaType.STRING, examples = "Europe/Paris") ZoneId zone,
        @NotBlank @Size(max = 500) String legalReference,
        @Nullable Map<String, String> texts) {

    /**
     * The version of the rule that this would be.
     *
     * @throws IllegalArgumentException when it is no rule; the message begins with the field
     */
    Rule rule(int version) {
        return new Rule(
                id,
                version,
                kind,
                subject,
                condition == null ? Condition.NONE : condition,
                effect,
                validFrom.atZone(zone).toInstant(),
                validTo == null ? null : validTo.atZone(zone).toInstant(),
                zone,
                legalReference,
                texts == null ? Map.of() : texts);
    }

    /**
     * The same, of what a stranger wrote.
     *
     * @throws Problem VALIDATION_FAILED
     */
    Rule checked(int version) {
        try {
            return rule(version);
        } catch (DateTimeException e) {
            throw GeneralProblem.invalid("/rule/validFrom", "must be a time of our era");
        } catch (IllegalArgumentException e) {
            var parts = String.valueOf(e.getMessage()).split(": ", 2);
            throw GeneralProblem.invalid(
                    "/rule/" + parts[0].replace('.', '/'), parts[parts.length - 1]);
        }
    }
}
