package kvit.claim;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import kvit.claim.ClaimCredit.ClaimWord;
import kvit.database.Database;
import kvit.money.Currency;
import kvit.money.Money;

/** The tables claim_credit and claim_credit_return. Both under the lock of their claim. */
@ApplicationScoped
class ClaimCreditStore {

    private final Database database;

    ClaimCreditStore(Database database) {
        this.database = database;
    }

    void insert(ClaimCredit credit) {
        database.update(
                """
                insert into claim_credit
                    (claim, id, minor, currency, reason, proposed_by, approved_by, at)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                in ->
                        in.uuid(credit.claim())
                                .uuid(credit.id())
                                .number(credit.amount().minor())
                                .text(credit.amount().currency().name())
                                .text(credit.given().reason())
                                .text(credit.given().proposedBy())
                                .text(credit.given().approvedBy())
                                .time(credit.given().at()));
    }

    void takenBack(UUID claim, ClaimWord word) {
        database.update(
                """
                insert into claim_credit_return (claim, reason, proposed_by, approved_by, at)
                values (?, ?, ?, ?, ?)
                """,
                in ->
                        in.uuid(claim)
                                .text(word.reason())
                                .text(word.proposedBy())
                                .text(word.approvedBy())
                                .time(word.at()));
    }

    Optional<ClaimCredit> find(UUID claim) {
        return database.find(
                """
                select c.id, c.claim, c.minor, c.currency, c.reason, c.proposed_by, c.approved_by, c.at,
                       r.reason, r.proposed_by, r.approved_by, r.at
                  from claim_credit c
                  left join claim_credit_return r on r.claim = c.claim
                 where c.claim = ?
                """,
                in -> in.uuid(claim),
                row ->
                        new ClaimCredit(
                                row.getObject(1, UUID.class),
                                row.getObject(2, UUID.class),
                                new Money(row.getLong(3), Currency.valueOf(row.getString(4))),
                                word(row, 5),
                                row.getString(9) == null ? null : word(row, 9)));
    }

    /** What is out by now for these, by claim. */
    Map<UUID, Money> out(Collection<UUID> claims) {
        return database
                .query(
                        """
                        select c.claim, c.minor, c.currency
                          from claim_credit c
                         where c.claim = any (?)
                           and not exists (select from claim_credit_return r
                                            where r.claim = c.claim)
                        """,
                        in -> in.uuids(claims),
                        row ->
                                Map.entry(
                                        row.getObject(1, UUID.class),
                                        new Money(
                                                row.getLong(2),
                                                Currency.valueOf(row.getString(3)))))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static ClaimWord word(ResultSet row, int first) throws SQLException {
        return new ClaimWord(
                row.getString(first),
                row.getString(first + 1),
                row.getString(first + 2),
                row.getTimestamp(first + 3).toInstant());
    }
}
