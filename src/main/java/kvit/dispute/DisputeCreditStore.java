package kvit.dispute;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import kvit.database.Database;
import kvit.dispute.DisputeCredit.Word;
import kvit.money.Currency;
import kvit.money.Money;

/** The tables dispute_credit and dispute_credit_return. Both under the lock of their dispute. */
@ApplicationScoped
class DisputeCreditStore {

    private final Database database;

    DisputeCreditStore(Database database) {
        this.database = database;
    }

    void insert(DisputeCredit credit) {
        database.update(
                """
                insert into dispute_credit
                    (dispute, id, minor, currency, reason, proposed_by, approved_by, at)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                in ->
                        in.uuid(credit.dispute())
                                .uuid(credit.id())
                                .number(credit.amount().minor())
                                .text(credit.amount().currency().name())
                                .text(credit.given().reason())
                                .text(credit.given().proposedBy())
                                .text(credit.given().approvedBy())
                                .time(credit.given().at()));
    }

    void takenBack(UUID dispute, Word word) {
        database.update(
                """
                insert into dispute_credit_return (dispute, reason, proposed_by, approved_by, at)
                values (?, ?, ?, ?, ?)
                """,
                in ->
                        in.uuid(dispute)
                                .text(word.reason())
                                .text(word.proposedBy())
                                .text(word.approvedBy())
                                .time(word.at()));
    }

    Optional<DisputeCredit> find(UUID dispute) {
        return database.find(
                """
                select c.id, c.dispute, c.minor, c.currency, c.reason, c.proposed_by, c.approved_by, c.at,
                       r.reason, r.proposed_by, r.approved_by, r.at
                  from dispute_credit c
                  left join dispute_credit_return r on r.dispute = c.dispute
                 where c.dispute = ?
                """,
                in -> in.uuid(dispute),
                row ->
                        new DisputeCredit(
                                row.getObject(1, UUID.class),
                                row.getObject(2, UUID.class),
                                new Money(row.getLong(3), Currency.valueOf(row.getString(4))),
                                word(row, 5),
                                row.getString(9) == null ? null : word(row, 9)));
    }

    /** What somebody has of ours for disputes that are open, in minor units. */
    long out(UUID customer, Currency currency) {
        return database.find(
                        """
                        select coalesce(sum(c.minor), 0)::bigint
                          from dispute d
                          join dispute_credit c on c.dispute = d.id
                          left join dispute_credit_return r on r.dispute = d.id
                         where d.customer = ? and d.currency = ? and d.state = 'RECEIVED'
                           and r.dispute is null
                        """,
                        in -> in.uuid(customer).text(currency.name()),
                        row -> row.getLong(1))
                .orElseThrow();
    }

    /** Whether a round of it before this one was credited, and that is not back. */
    boolean isOutOfAnEarlierRound(Dispute dispute) {
        return database.find(
                        """
                        select 1
                          from dispute d
                          join dispute_credit c on c.dispute = d.id
                          left join dispute_credit_return r on r.dispute = d.id
                         where d.processor = ? and d.name = ? and d.round < ? and r.dispute is null
                         limit 1
                        """,
                        in ->
                                in.text(dispute.processor())
                                        .text(dispute.name())
                                        .number(dispute.round()),
                        row -> row.getInt(1))
                .isPresent();
    }

    private static Word word(ResultSet row, int first) throws SQLException {
        return new Word(
                row.getString(first),
                row.getString(first + 1),
                row.getString(first + 2),
                row.getTimestamp(first + 3).toInstant());
    }
}
