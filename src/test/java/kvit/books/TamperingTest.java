package kvit.books;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Random;
import kvit.database.Statements;
import kvit.support.KvitTest;
import org.junit.jupiter.api.Test;

/**
 * As many tamperings as are asked for ({@code -Dkvit.tamperings=1000}), each by somebody for whom
 * no trigger is in the way, and each found; the books that nobody touched are clean.
 */
@KvitTest
class TamperingTest {

    private static final List<String> TABLES =
            List.of(
                    "account",
                    "posting",
                    "entry",
                    "hold",
                    "seal",
                    "seal_signature",
                    "book_day",
                    "period",
                    "period_closing");

    /** What a check constraint refuses even then is tried with something else. */
    private static final String REFUSED = "23";

    /** Some days after all of it. */
    private static final Instant NOW = Instant.parse("2020-03-01T00:00:00Z");

    @Inject SigningKey key;

    @Test
    void everyTamperingIsFoundAndNothingElse() throws SQLException {
        var count = Integer.getInteger("kvit.tamperings", 66);
        var seed = Long.getLong("kvit.seed", System.nanoTime());
        var random = new Random(seed);
        SmallBooks.migrate();
        try (var connection = SmallBooks.connect()) {
            var head = SmallBooks.fill(connection, random, key);
            assertClean(connection, head);
            var found = new EnumMap<Tampering, Integer>(Tampering.class);
            var kinds = Tampering.values();
            for (var turn = 0; found.size() < kinds.length || sum(found.values()) < count; turn++) {
                var tampering = kinds[turn % kinds.length];
                if (isFound(connection, tampering, random, head, seed)) {
                    found.merge(tampering, 1, Integer::sum);
                }
            }
            assertThat(found.keySet()).as("seed %d", seed).contains(kinds);
            assertClean(connection, head);
        }
    }

    private static int sum(Collection<Integer> numbers) {
        return numbers.stream().mapToInt(it -> it).sum();
    }

    private boolean isFound(
            Connection connection, Tampering tampering, Random random, Head head, long seed)
            throws SQLException {
        try {
            for (var table : TABLES) {
                SmallBooks.run(connection, "alter table " + table + " disable trigger user");
            }
            tampering.bend(connection, random);
            // What the database can tell by itself, it has to tell by itself.
            var heads = tampering.leavesNoTrace ? List.of(head) : List.<Head>of();
            var result = verified(connection, heads);
            assertThat(result.clean()).as("%s, seed %d: %s", tampering, seed, result).isFalse();
            assertThat(result.found()).isGreaterThanOrEqualTo(result.findings().size());
            return true;
        } catch (SQLException e) {
            if (!String.valueOf(e.getSQLState()).startsWith(REFUSED)) {
                throw e;
            }
            return false;
        } finally {
            connection.rollback();
        }
    }

    private void assertClean(Connection connection, Head head) throws SQLException {
        var result = verified(connection, List.of(head));
        assertThat(result.findings()).isEmpty();
        assertThat(result.clean()).isTrue();
        assertThat(result.unsealed()).isZero();
        assertThat(result.postings()).isGreaterThan(100);
        assertThat(result.seals()).isGreaterThan(10);
        assertThat(result.head()).isEqualTo(head);
        connection.rollback();
    }

    private Verification.Result verified(Connection connection, List<Head> heads) {
        return new Verification(new Statements(connection), key::isOurs).run(NOW, heads);
    }
}
