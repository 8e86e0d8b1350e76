package kvit.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import kvit.database.Database;

/** The tables rule_set and rule. */
@ApplicationScoped
class RuleStore {

    private final Database database;
    private final ObjectMapper json;

    RuleStore(Database database, ObjectMapper json) {
        this.database = database;
        this.json = json;
    }

    /** 0 before the first. */
    long newestVersion() {
        return database.find(
                        "select coalesce(max(version), 0) from rule_set",
                        in -> {},
                        row -> row.getLong(1))
                .orElseThrow();
    }

    /** The first set. A replica that starts at the same time and comes second finds it there. */
    @Transactional
    boolean publishFirst(List<Rule> rules, Instant now) {
        var isFirst =
                database.update(
                                """
                                insert into rule_set (version, published_at, reason, proposed_by, approved_by)
                                values (1, ?, 'What Kvit comes with', 'the release', 'the installation')
                                on conflict do nothing
                                """,
                                in -> in.time(now))
                        == 1;
        if (isFirst) {
            insert(rules, 1);
        }
        return isFirst;
    }

    private void insert(List<Rule> rules, long ruleSet) {
        database.update(
                """
                insert into rule (id, version, kind, subject, condition, effect, valid_from, valid_to, zone,
                                  legal_reference, text_en, text_fr, text_ru, recorded_in)
                select id, version, kind, cast(subject as jsonb), cast(condition as jsonb), effect,
                       valid_from, valid_to, zone, legal_reference, text_en, text_fr, text_ru, ?
                  from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    as r (id, version, kind, subject, condition, effect, valid_from, valid_to, zone,
                          legal_reference, text_en, text_fr, text_ru)
                """,
                in ->
                        in.number(ruleSet)
                                .texts(rules, Rule::id)
                                .numbers(rules, it -> (long) it.version())
                                .texts(rules, it -> it.kind().name())
                                .texts(rules, it -> write(it.subject()))
                                .texts(rules, it -> write(it.condition()))
                                .texts(rules, it -> it.effect().name())
                                .times(rules, Rule::validFrom)
                                .times(rules, Rule::validTo)
                                .texts(rules, it -> it.zone().getId())
                                .texts(rules, Rule::legalReference)
                                .texts(rules, it -> it.texts().get("en"))
                                .texts(rules, it -> it.texts().get("fr"))
                                .texts(rules, it -> it.texts().get("ru")));
    }

    private String write(Object part) {
        try {
            return json.writeValueAsString(part);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a rule is plain records", e);
        }
    }

    /** The rules as they were known while this version was the newest. */
    RuleSet load(long version) {
        return new RuleSet(version, rules(version));
    }

    private List<Rule> rules(long version) {
        return database.query(
                """
                select id, version, kind, subject, condition, effect, valid_from, valid_to, zone,
                       legal_reference, text_en, text_fr, text_ru
                  from rule
                 where recorded_in <= ? and (superseded_in is null or superseded_in > ?)
                """,
                in -> in.number(version).number(version),
                this::read);
    }

    private Rule read(ResultSet row) throws SQLException {
        var validTo = row.getTimestamp(8);
        return new Rule(
                row.getString(1),
                row.getInt(2),
                Kind.valueOf(row.getString(3)),
                parse(row.getString(4), Subject.class),
                parse(row.getString(5), Condition.class),
                Effect.valueOf(row.getString(6)),
                row.getTimestamp(7).toInstant(),
                validTo == null ? null : validTo.toInstant(),
                ZoneId.of(row.getString(9)),
                row.getString(10),
                texts(row));
    }

    private static Map<String, String> texts(ResultSet row) throws SQLException {
        var english = row.getString(11);
        return english == null
                ? Map.of()
                : Map.of("en", english, "fr", row.getString(12), "ru", row.getString(13));
    }

    /** A rule that cannot be read refuses the whole set: half of the rules would be worse. */
    private <T> T parse(String text, Class<T> type) {
        try {
            return json.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a rule cannot be read: " + text, e);
        }
    }
}
