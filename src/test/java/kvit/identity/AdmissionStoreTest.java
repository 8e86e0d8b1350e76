package kvit.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestPerson;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What it costs to ask what has ended. */
@KvitTest
class AdmissionStoreTest {

    /**
     * Asked as by the service, whose statements are prepared and asked again and again; of sessions
     * that have not ended in the order in which they stand in the table.
     */
    @ParameterizedTest
    @ValueSource(strings = {"now() - interval '15 s'", "timestamptz 'epoch'"})
    void theQuestionFindsItsIndexWhenMostSessionsHaveEnded(String after) throws SQLException {
        var person = TestPerson.fresh();
        try (var owner = Sql.asOwner()) {
            owner.setAutoCommit(false);
            run(
                    owner,
                    """
                    insert into session (id, customer, client, created_at, last_used_at, revoked_at,
                                         ended_at)
                    select gen_random_uuid(), customer, client, created_at, last_used_at,
                           now(), now() - mod(n * 7919, 20000) * interval '30 s'
                      from session, generate_series(1, 20000) n
                     where customer = '%s'
                    """
                            .formatted(person.id()));
            run(owner, "analyze session");
            var question = AdmissionStore.QUESTION;
            for (var number = 1; question.contains("?"); number++) {
                question = question.replaceFirst("[?]", "\\$" + number);
            }
            run(
                    owner,
                    "prepare question (timestamptz, int8, timestamptz, int8, timestamptz, int8) as "
                            + question);
            var asked = "execute question (AFTER, 4200, AFTER, 4200, AFTER, 4200)";
            asked = asked.replace("AFTER", after);
            for (var i = 0; i < 10; i++) {
                run(owner, asked);
            }

            assertThat(text(owner, "explain " + asked))
                    .contains("session_ended")
                    .doesNotContain("Seq Scan on session");

            run(owner, "deallocate question");
            owner.rollback();
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String text(Connection connection, String sql) throws SQLException {
        var text = new StringBuilder();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                text.append(rows.getString(1)).append('\n');
            }
        }
        return text.toString();
    }
}
