package kvit.rules;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One version of a rule, as operators see it.
 *
 * @param validFrom when it holds; {@code recordedAt} and {@code supersededAt} are when we knew it
 * @param reason why it was recorded
 * @param proposedBy e-mail, or what Kvit came with
 */
record RuleView(
        String id,
        int version,
        Kind kind,
        Effect effect,
        Subject subject,
        Condition condition,
        Instant validFrom,
        @Nullable Instant validTo,
        @Schema(type = SchemaType.STRING, examples = "Europe/Paris") ZoneId zone,
        String legalReference,
        Map<String, String> texts,
        Instant recordedAt,
        @Nullable Instant supersededAt,
        String reason,
        String proposedBy,
        String approvedBy) {

    static RuleView of(
            Rule rule,
            Instant recordedAt,
            @Nullable Instant supersededAt,
            String reason,
            String proposedBy,
            String approvedBy) {
        return new RuleView(
                rule.id(),
                rule.version(),
                rule.kind(),
                rule.effect(),
                rule.subject(),
                rule.condition(),
                rule.validFrom(),
                rule.validTo(),
                rule.zone(),
                rule.legalReference(),
                rule.texts(),
                recordedAt,
                supersededAt,
                reason,
                proposedBy,
                approvedBy);
    }
}
