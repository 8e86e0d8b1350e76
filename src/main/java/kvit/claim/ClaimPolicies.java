package kvit.claim;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import kvit.database.Database;
import org.jspecify.annotations.Nullable;

/** The table claim_policy. */
@ApplicationScoped
class ClaimPolicies {

    private final Database database;

    ClaimPolicies(Database database) {
        this.database = database;
    }

    /** That of a country, and where it has none, that of all others. */
    ClaimPolicy of(String country, ClaimKind kind) {
        return database.find(
                        """
                        select first_days, due, last_days, legal_reference,
                               new_days, new_first_days, new_last_days, new_legal_reference
                          from claim_policy
                         where country in (?, '*') and kind = ?
                         order by country = '*'
                         limit 1
                        """,
                        in -> in.text(country).text(kind.name()),
                        row ->
                                new ClaimPolicy(
                                        row.getInt(1),
                                        ClaimPolicy.Due.valueOf(row.getString(2)),
                                        row.getObject(3, Integer.class),
                                        row.getString(4),
                                        whileNew(row)))
                .orElseThrow();
    }

    private static ClaimPolicy.@Nullable WhileNew whileNew(ResultSet row) throws SQLException {
        var days = row.getObject(5, Integer.class);
        return days == null
                ? null
                : new ClaimPolicy.WhileNew(days, row.getInt(6), row.getInt(7), row.getString(8));
    }
}
