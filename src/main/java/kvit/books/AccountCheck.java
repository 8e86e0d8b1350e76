package kvit.books;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import kvit.database.Statements;
import kvit.ledger.Account;
import kvit.money.Currency;
import org.jspecify.annotations.Nullable;

/**
 * Goes through all accounts, each with its entries in their order: sequences without gaps, balances
 * that follow each other, and an account that is what its entries left and its id says.
 */
final class AccountCheck {

    private final Statements statements;
    private final Findings findings;
    private final Map<String, Long> sums = new HashMap<>();
    private @Nullable Walk walk;
    private long accounts;

    AccountCheck(Statements statements, Findings findings) {
        this.statements = statements;
        this.findings = findings;
    }

    long accounts() {
        return accounts;
    }

    void run() {
        statements.forEach(
                """
                select a.id, a.kind, a.owner, a.currency, a.balance, a.held, a.floor, a.sequence,
                       e.sequence, e.minor, e.balance_after, e.at
                  from book_account a
                  left join book_entry e on e.account = a.id
                 order by a.id, e.sequence
                """,
                in -> {},
                this::add);
        finish();
        sums.forEach(
                (currency, sum) ->
                        findings.expect(
                                sum == 0,
                                "currency-sum",
                                currency,
                                "all accounts together have %d minor units".formatted(sum)));
        checkHolds();
        checkOrphans();
    }

    private void add(ResultSet row) throws SQLException {
        var id = row.getObject(1, UUID.class);
        if (walk == null || !walk.id.equals(id)) {
            finish();
            walk = new Walk(id, row);
            accounts++;
            sums.merge(row.getString(4), row.getLong(5), Long::sum);
            checkIdentity(id, row);
        }
        if (row.getObject(9) != null) {
            walk.step(
                    row.getLong(9),
                    row.getLong(10),
                    row.getLong(11),
                    row.getTimestamp(12).toInstant());
        }
    }

    private void finish() {
        if (walk != null) {
            walk.end();
        }
        walk = null;
    }

    /** Whoever's name is changed on an account has changed whose money it is. */
    private void checkIdentity(UUID id, ResultSet row) throws SQLException {
        try {
            var account =
                    new Account(
                            Account.Kind.valueOf(row.getString(2)),
                            row.getObject(3, UUID.class),
                            Currency.valueOf(row.getString(4)));
            findings.expect(
                    account.id().equals(id),
                    "account-identity",
                    id,
                    "its kind, owner and currency are those of account " + account.id());
            var floor = row.getObject(7, Long.class);
            findings.expect(
                    Objects.equals(floor, account.kind().floor()),
                    "floor",
                    id,
                    "has the floor %s, and one of its kind %s"
                            .formatted(floor, account.kind().floor()));
        } catch (IllegalArgumentException e) {
            findings.add("account-identity", id, "its kind, owner and currency do not go together");
        }
    }

    private void checkHolds() {
        statements.forEach(
                """
                select a.id, a.held, coalesce(h.minor, 0)
                  from book_account a
                  left join (select account, sum(minor) as minor
                               from book_hold
                              where state = 'PENDING'
                              group by account) h on h.account = a.id
                 where a.held <> coalesce(h.minor, 0)
                """,
                in -> {},
                row ->
                        findings.add(
                                "held",
                                row.getObject(1, UUID.class),
                                "holds %d, and its pending holds are %d"
                                        .formatted(row.getLong(2), row.getLong(3))));
    }

    private void checkOrphans() {
        statements.forEach(
                """
                select e.account, e.sequence, e.posting
                  from book_entry e
                 where not exists (select from book_posting p where p.id = e.posting)
                """,
                in -> {},
                row ->
                        findings.add(
                                "entry-orphaned",
                                row.getObject(1, UUID.class) + "/" + row.getLong(2),
                                "there is no posting " + row.getObject(3, UUID.class)));
    }

    /** One account, entry by entry. */
    private class Walk {

        private final UUID id;
        private final long balance;
        private final long held;
        private final @Nullable Long floor;
        private final long sequence;
        private long reached;
        private long last;
        private long sum;
        private Instant at = Instant.MIN;

        Walk(UUID id, ResultSet row) throws SQLException {
            this.id = id;
            this.balance = row.getLong(5);
            this.held = row.getLong(6);
            this.floor = row.getObject(7, Long.class);
            this.sequence = row.getLong(8);
        }

        void step(long number, long minor, long balanceAfter, Instant time) {
            var subject = id + "/" + number;
            findings.expect(
                    number == reached + 1, "sequence", subject, "follows number " + reached);
            findings.expect(
                    balanceAfter == last + minor,
                    "entry-balance",
                    subject,
                    "leaves %d, and %d and %d are %d"
                            .formatted(balanceAfter, last, minor, last + minor));
            findings.expect(!time.isBefore(at), "entry-time", subject, "is before the one before");
            reached = number;
            last = balanceAfter;
            sum += minor;
            at = time;
        }

        void end() {
            findings.expect(
                    balance == last && balance == sum,
                    "balance",
                    id,
                    "has %d, its last entry left %d, and all of them add up to %d"
                            .formatted(balance, last, sum));
            findings.expect(
                    sequence == reached,
                    "sequence",
                    id,
                    "is at %d, and its last entry is number %d".formatted(sequence, reached));
            findings.expect(
                    floor == null || balance - held >= floor,
                    "floor",
                    id,
                    "has less than it may have");
        }
    }
}
