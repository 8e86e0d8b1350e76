package kvit.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import kvit.database.Database;
import kvit.operate.FourEyes.Agreed;

/** The table recon_rule_set. */
@ApplicationScoped
class RuleSets {

    private static final TypeReference<List<Rule>> RULES = new TypeReference<>() {};

    private final Database database;
    private final ObjectMapper json;

    RuleSets(Database database, ObjectMapper json) {
        this.database = database;
        this.json = json;
    }

    /** What is in force. */
    RuleSet newest() {
        return database.query(
                        """
                        select version, rules from recon_rule_set order by version desc limit 1
                        """,
                        in -> {},
                        row -> new RuleSet(row.getLong(1), parse(row.getString(2))))
                .get(0);
    }

    void publish(RuleSet rules, Agreed agreed, Instant now) {
        database.update(
                """
                insert into recon_rule_set (version, rules, proposed_by, approved_by, reason, at)
                values (?, cast(? as jsonb), ?, ?, ?, ?)
                """,
                in ->
                        in.number(rules.version())
                                .text(write(rules.rules()))
                                .text(agreed.proposedBy())
                                .text(agreed.approvedBy())
                                .text(agreed.reason())
                                .time(now));
    }

    private List<Rule> parse(String text) {
        try {
            return json.readValue(text, RULES);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("rules cannot be read: " + text, e);
        }
    }

    private String write(List<Rule> rules) {
        try {
            return json.writeValueAsString(rules);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a rule is a plain record", e);
        }
    }
}
