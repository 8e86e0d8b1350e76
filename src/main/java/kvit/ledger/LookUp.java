package kvit.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import kvit.database.Database;
import kvit.money.Currency;
import kvit.money.Money;

/** What the books say of one thing, for whoever looks into it. Never before a decision. */
@ApplicationScoped
public class LookUp {

    private static final String HOLDS =
            """
            select h.id, h.minor, h.captured, a.currency, h.state, h.created_at, h.expires_at, h.settled_at
              from hold h
              join account a on a.id = h.account
            """;

    private final Database database;

    LookUp(Database database) {
        this.database = database;
    }

    /** Those with these ids and those that take one of them back, the oldest first. */
    public List<PostingView> postings(Collection<UUID> ids) {
        var found = new LinkedHashMap<UUID, PostingView>();
        database.query(
                        """
                        select p.id, p.kind, p.effective_at, p.created_at, p.reverses,
                               e.account, a.kind, a.owner, e.sequence, e.minor, e.balance_after, a.currency,
                               e.at
                          from posting p
                          join entry e on e.posting = p.id
                          join account a on a.id = e.account
                         where p.id = any (?) or p.reverses = any (?)
                         order by p.created_at, p.id, e.minor, e.account
                        """,
                        in -> in.uuids(ids).uuids(ids),
                        LookUp::posting)
                .forEach(it -> found.merge(it.id(), it, LookUp::together));
        return List.copyOf(found.values());
    }

    private static PostingView together(PostingView some, PostingView more) {
        var entries = new ArrayList<>(some.entries());
        entries.addAll(more.entries());
        return new PostingView(
                some.id(),
                some.kind(),
                some.effectiveAt(),
                some.createdAt(),
                some.reverses(),
                List.copyOf(entries));
    }

    private static PostingView posting(ResultSet row) throws SQLException {
        var currency = Currency.valueOf(row.getString(12));
        var line =
                new PostingView.Line(
                        row.getObject(6, UUID.class),
                        Account.Kind.valueOf(row.getString(7)),
                        row.getObject(8, UUID.class),
                        row.getLong(9),
                        new Money(row.getLong(10), currency),
                        new Money(row.getLong(11), currency),
                        row.getTimestamp(13).toInstant());
        return new PostingView(
                row.getObject(1, UUID.class),
                row.getString(2),
                row.getTimestamp(3).toInstant(),
                row.getTimestamp(4).toInstant(),
                row.getObject(5, UUID.class),
                List.of(line));
    }

    /**
     * When money came into any wallet of somebody's for the first time; the first entry opens it.
     */
    public Optional<Instant> firstDeposit(UUID owner) {
        return database
                .query(
                        "select opened_at from account where owner = ? and kind = 'WALLET'",
                        in -> in.uuid(owner),
                        row -> row.getTimestamp(1).toInstant())
                .stream()
                .min(Comparator.naturalOrder());
    }

    /** What is promised of somebody's wallets at this moment, the oldest first. */
    public List<HoldView> pendingHolds(UUID owner) {
        return database.query(
                HOLDS
                        + " where a.owner = ? and a.kind = 'WALLET' and h.state = 'PENDING'"
                        + " order by h.created_at, h.id",
                in -> in.uuid(owner),
                LookUp::hold);
    }

    /** Whatever was promised under this id, of one account, whatever has become of it. */
    public List<HoldView> holds(Account account, UUID id) {
        return database.query(
                HOLDS + " where h.account = ? and h.id = ?",
                in -> in.uuid(account.id()).uuid(id),
                LookUp::hold);
    }

    private static HoldView hold(ResultSet row) throws SQLException {
        var currency = Currency.valueOf(row.getString(4));
        var expiresAt = row.getTimestamp(7);
        var settledAt = row.getTimestamp(8);
        return new HoldView(
                row.getObject(1, UUID.class),
                new Money(row.getLong(2), currency),
                new Money(row.getLong(3), currency),
                HoldView.State.valueOf(row.getString(5)),
                row.getTimestamp(6).toInstant(),
                expiresAt == null ? null : expiresAt.toInstant(),
                settledAt == null ? null : settledAt.toInstant());
    }
}
