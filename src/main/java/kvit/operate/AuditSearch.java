package kvit.operate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import kvit.database.Database;
import kvit.database.Parameters;
import kvit.paging.Cursors;
import kvit.paging.Page;
import kvit.paging.PageParameters;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Reads the audit trail, the newest first. */
@ApplicationScoped
class AuditSearch {

    private final Database database;
    private final Cursors cursors;
    private final ObjectMapper json;

    AuditSearch(Database database, Cursors cursors, ObjectMapper json) {
        this.database = database;
        this.cursors = cursors;
        this.json = json;
    }

    /**
     * Null for any.
     *
     * @param operator id or e-mail
     * @param from the first moment
     * @param to the first moment that is not asked for any more
     */
    record Filter(
            @Nullable String operator,
            @Nullable String action,
            @Nullable String resource,
            @Nullable String from,
            @Nullable String to) {}

    /** The conditions so far and what they are about. */
    private static final class Where {

        private final StringBuilder conditions = new StringBuilder("true");
        private final List<Consumer<Parameters>> values = new ArrayList<>();

        void and(String condition, Consumer<Parameters> value) {
            conditions.append(" and ").append(condition);
            values.add(value);
        }
    }

    /**
     * One page.
     *
     * @throws Problem VALIDATION_FAILED
     */
    Page<AuditView> list(Filter filter, PageParameters page) {
        var limit = page.limit();
        var list = "audit|" + filter;
        var where = where(filter);
        cursors.decode(list, page.cursor())
                .map(Long::valueOf)
                .ifPresent(after -> where.and("l.number < ?", in -> in.number(after)));
        var found =
                database.query(
                        "select l.number, l.digest, "
                                + AuditRow.COLUMNS
                                + " from audit a join audit_link l on l.audit = a.id where "
                                + where.conditions
                                + " order by l.number desc limit ?",
                        in -> {
                            where.values.forEach(it -> it.accept(in));
                            in.number(limit + 1L);
                        },
                        row -> view(row.getLong(1), row.getBytes(2), AuditRow.read(row, 3)));
        return Page.of(found, limit, last -> cursors.encode(list, Long.toString(last.number())));
    }

    private static Where where(Filter filter) {
        var where = new Where();
        if (filter.operator() != null) {
            byOperator(where, filter.operator());
        }
        if (filter.action() != null) {
            where.and("a.action = ?", in -> in.text(filter.action()));
        }
        if (filter.resource() != null) {
            where.and("a.resource = ?", in -> in.text(filter.resource()));
        }
        if (filter.from() != null) {
            var from = time("?from", filter.from());
            where.and("a.at >= ?", in -> in.time(from));
        }
        if (filter.to() != null) {
            var to = time("?to", filter.to());
            where.and("a.at < ?", in -> in.time(to));
        }
        return where;
    }

    private static void byOperator(Where where, String operator) {
        try {
            var id = UUID.fromString(operator);
            where.and("a.operator = ?", in -> in.uuid(id));
        } catch (IllegalArgumentException e) {
            where.and("a.who = ?", in -> in.text(Operators.canonical(operator)));
        }
    }

    private static Instant time(String parameter, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw GeneralProblem.invalid(
                    parameter, "must be a moment such as 2026-11-22T00:00:00Z");
        }
    }

    private AuditView view(long number, byte[] digest, AuditRow row) {
        return new AuditView(
                number,
                row.id(),
                row.at(),
                row.operator(),
                row.who(),
                row.roles(),
                row.action(),
                row.step(),
                row.resource(),
                row.reason(),
                read(row.before()),
                read(row.after()),
                row.address(),
                row.requestId(),
                row.approval(),
                HexFormat.of().formatHex(digest));
    }

    private @Nullable JsonNode read(@Nullable String text) {
        try {
            return text == null ? null : json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database keeps JSON only", e);
        }
    }
}
