package kvit.rules;

import static jakarta.transaction.Transactional.TxType.MANDATORY;

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
import java.util.Optional;
import kvit.database.Database;
import kvit.operate.FourEyes;
import org.jspecify.annotations.Nullable;

/** The tables rule_set and rule. */
@ApplicationScoped
class RuleStore {

    private static final String VIEW =
            """
            select r.id, r.version, r.kind, r.subject, r.condition, r.effect, r.valid_from, r.valid_to, r.zone,
                   r.legal_reference, r.text_en, r.text_fr, r.text_ru,
                   recorded.published_at, superseded.published_at,
                   recorded.reason, recorded.proposed_by, recorded.approved_by
              from rule r
              join rule_set recorded on recorded.version = r.recorded_in
              left join rule_set superseded on superseded.version = r.superseded_in
            """;

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
                                insert into rule_set (version, published_at, effective_at, reason,
                                                      proposed_by, approved_by)
                                values (1, ?, ?, 'What Kvit comes with', 'the release', 'the installation')
                                on conflict do nothing
                                """,
                                in -> in.time(now).time(now))
                        == 1;
        if (isFirst) {
            insert(rules, 1);
        }
        return isFirst;
    }

    /** The set in effect at a moment, and those that will be, in that order. */
    List<RuleSets.Edition> editionsSince(Instant now) {
        return database.query(
                """
                select version, effective_at
                  from rule_set
                 where version >= (select coalesce(max(version), 0) from rule_set where effective_at <= ?)
                 order by version
                """,
                in -> in.time(now),
                row -> new RuleSets.Edition(row.getLong(1), row.getTimestamp(2).toInstant()));
    }

    /** Which set decided at a moment of the past; empty before the first. */
    Optional<Long> versionAt(Instant moment) {
        return database.find(
                "select version from rule_set where effective_at <= ? order by version desc limit 1",
                in -> in.time(moment),
                row -> row.getLong(1));
    }

    /** The newest version of a rule; 0 where there is none. */
    int newestVersion(String rule) {
        return database.find(
                        "select version from rule where id = ? and superseded_in is null",
                        in -> in.text(rule),
                        row -> row.getInt(1))
                .orElse(0);
    }

    /**
     * A new version of one rule, in a set of its own. Two who publish at once want the same number:
     * one of them fails with a unique violation, and may try again.
     */
    @Transactional(MANDATORY)
    void publish(Rule rule, FourEyes.Agreed agreed, Instant now) {
        var set = newestVersion() + 1;
        database.update(
                """
                insert into rule_set (version, published_at, effective_at, reason, proposed_by, approved_by)
                select ?, cast(? as timestamptz), greatest(cast(? as timestamptz), max(effective_at)), ?, ?, ?
                  from rule_set
                """,
                in ->
                        in.number(set)
                                .time(now)
                                .time(now.plus(RuleSets.LEAD))
                                .text(agreed.reason())
                                .text(agreed.proposedBy())
                                .text(agreed.approvedBy()));
        database.update(
                "update rule set superseded_in = ? where id = ? and superseded_in is null",
                in -> in.number(set).text(rule.id()));
        insert(List.of(rule), set);
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

    /**
     * Rules as they were known in a set, by id.
     *
     * @param after the id of the last one before these; null from the beginning
     */
    List<RuleView> list(
            long version,
            @Nullable Kind kind,
            @Nullable String country,
            @Nullable String after,
            int limit) {
        return database.query(
                VIEW
                        + """
                         where r.recorded_in <= ? and (r.superseded_in is null or r.superseded_in > ?)
                           and (cast(? as text) is null or r.kind = ?)
                           and (cast(? as text) is null
                                or r.subject @> jsonb_build_object('countries', jsonb_build_array(?)))
                           and (cast(? as text) is null or r.id > ?)
                         order by r.id
                         limit ?
                        """,
                in -> {
                    var name = kind == null ? null : kind.name();
                    in.number(version)
                            .number(version)
                            .text(name)
                            .text(name)
                            .text(country)
                            .text(country)
                            .text(after)
                            .text(after)
                            .number(limit);
                },
                this::view);
    }

    /** All versions of a rule, the newest first. */
    List<RuleView> versions(String rule) {
        return database.query(
                VIEW + " where r.id = ? order by r.version desc", in -> in.text(rule), this::view);
    }

    /** These versions of these rules: {@code id@version}. */
    List<RuleView> named(List<String> names) {
        return database.query(
                VIEW
                        + """
                          join unnest(?) with ordinality as n (name, place) on n.name = r.id || '@' || r.version
                         order by n.place
                        """,
                in -> in.texts(names),
                this::view);
    }

    /** Changes of the rules, the newest first. */
    List<RuleSetView> sets(@Nullable Long before, int limit) {
        return database.query(
                """
                select version, published_at, effective_at, reason, proposed_by, approved_by
                  from rule_set
                 where cast(? as bigint) is null or version < ?
                 order by version desc
                 limit ?
                """,
                in -> in.number(before).number(before).number(limit),
                row ->
                        new RuleSetView(
                                row.getLong(1),
                                row.getTimestamp(2).toInstant(),
                                row.getTimestamp(3).toInstant(),
                                row.getString(4),
                                row.getString(5),
                                row.getString(6)));
    }

    private RuleView view(ResultSet row) throws SQLException {
        var supersededAt = row.getTimestamp(15);
        return RuleView.of(
                read(row),
                row.getTimestamp(14).toInstant(),
                supersededAt == null ? null : supersededAt.toInstant(),
                row.getString(16),
                row.getString(17),
                row.getString(18));
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
