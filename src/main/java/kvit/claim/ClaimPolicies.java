package kvit.claim;

import jakarta.enterprise.context.ApplicationScoped;
import kvit.database.Database;

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
                        select first_days, due, last_days, legal_reference
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
                                        row.getString(4)))
                .orElseThrow();
    }
}
