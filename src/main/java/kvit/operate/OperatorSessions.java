package kvit.operate;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import kvit.database.Database;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.source.Sha256;
import org.jspecify.annotations.Nullable;

/** The table operator_session, which every request of an operator looks into. */
@ApplicationScoped
class OperatorSessions {

    /** Noting each request would be a write per read; noting one in so long is exact enough. */
    private static final Duration NOTED_EVERY = Duration.ofSeconds(30);

    /**
     * A living session and whose it is.
     *
     * @param id null where it is not ours
     */
    record Living(
            @Nullable UUID id,
            Instant lastUsedAt,
            UUID operator,
            String email,
            List<String> roles) {}

    private final Database database;
    private final OpaqueTokens tokens;
    private final OperateConfig config;
    private final Clock clock;
    private final Ids ids;

    OperatorSessions(
            Database database, OpaqueTokens tokens, OperateConfig config, Clock clock, Ids ids) {
        this.database = database;
        this.tokens = tokens;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    /** Says the token, which nobody can say again. */
    String open(UUID operator) {
        var now = clock.instant();
        var token = tokens.next(OperatorMechanism.PREFIX);
        database.update(
                """
                insert into operator_session (id, operator, token, created_at, last_used_at)
                values (?, ?, ?, ?, ?)
                """,
                in ->
                        in.uuid(ids.next())
                                .uuid(operator)
                                .bytes(Sha256.of(token))
                                .time(now)
                                .time(now));
        return token;
    }

    /** Whoever holds this token now; empty when it is none, too old, or was idle for too long. */
    @Transactional
    Optional<Living> use(String token) {
        var now = clock.instant();
        var living =
                database.find(
                        """
                        select s.id, s.last_used_at, o.id, o.email, o.roles
                          from operator_session s
                          join operator o on o.id = s.operator
                         where s.token = ? and s.ended_at is null and o.state = 'ACTIVE'
                           and s.last_used_at > ? and s.created_at > ?
                        """,
                        in ->
                                in.bytes(Sha256.of(token))
                                        .time(now.minus(config.sessionIdle()))
                                        .time(now.minus(config.sessionLife())),
                        row ->
                                new Living(
                                        row.getObject(1, UUID.class),
                                        row.getTimestamp(2).toInstant(),
                                        row.getObject(3, UUID.class),
                                        row.getString(4),
                                        List.of((String[]) row.getArray(5).getArray())));
        living.filter(it -> it.lastUsedAt().plus(NOTED_EVERY).isBefore(now))
                .ifPresent(it -> note(it, now));
        return living;
    }

    private void note(Living living, Instant now) {
        database.update(
                "update operator_session set last_used_at = ? where id = ? and last_used_at < ?",
                in -> in.time(now).uuid(living.id()).time(now));
    }

    int end(UUID session) {
        return database.update(
                "update operator_session set ended_at = ? where id = ? and ended_at is null",
                in -> in.time(clock.instant()).uuid(session));
    }

    void endAll(UUID operator) {
        database.update(
                "update operator_session set ended_at = ? where operator = ? and ended_at is null",
                in -> in.time(clock.instant()).uuid(operator));
    }
}
