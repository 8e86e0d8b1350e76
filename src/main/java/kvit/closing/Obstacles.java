package kvit.closing;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import kvit.database.Database;

/** What is still under way of somebody, or theirs. Each is looked up by whose it is. */
@ApplicationScoped
class Obstacles {

    private static final String UNDER_WAY =
            """
            select 'DISPUTE'
             where exists (select from dispute where customer = who.id and state = 'RECEIVED')
            union all
            select 'CLAIM'
             where exists (select from claim
                            where customer = who.id and state in ('RECEIVED', 'INVESTIGATING'))
                or exists (select from claim c
                             join transfer t on t.id = c.transfer
                            where c.state in ('RECEIVED', 'INVESTIGATING') and t.payee = who.id)
            union all
            select 'CHARGE'
             where exists (select from top_up where customer = who.id and state = 'PENDING')
                or exists (select from charge_return where customer = who.id and state = 'PENDING')
                or exists (select from transfer where payer = who.id and state = 'CHARGING')
            union all
            select 'TRANSFER'
             where exists (select from transfer
                            where payer = who.id
                              and state in ('REQUIRES_CONFIRMATION', 'PENDING', 'UNCLAIMED'))
            union all
            select 'PAYOUT'
             where exists (select from payout where customer = who.id and state = 'IN_TRANSIT')
            union all
            select 'MONEY'
             where exists (select from account where owner = who.id and (balance <> 0 or held <> 0))
            """;

    private final Database database;

    Obstacles(Database database) {
        this.database = database;
    }

    /** As of one moment. */
    Set<Obstacle> of(UUID customer) {
        var found = EnumSet.noneOf(Obstacle.class);
        found.addAll(
                database.query(
                        "select it.* from (select cast(? as uuid) as id) who, lateral ("
                                + UNDER_WAY
                                + ") it (obstacle)",
                        in -> in.uuid(customer),
                        row -> Obstacle.valueOf(row.getString(1))));
        return found;
    }
}
