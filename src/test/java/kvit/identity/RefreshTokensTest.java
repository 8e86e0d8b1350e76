package kvit.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Inject;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestPerson;
import org.junit.jupiter.api.Test;

@KvitTest
class RefreshTokensTest {

    @Inject RefreshTokens tokens;

    @Test
    void theTokenItselfIsStoredNowhere() throws Exception {
        var person = TestPerson.fresh();
        var token = person.refreshToken();

        var rows =
                Sql.<String>column(
                        "select cast(t as text) from refresh_token t join session s on s.id = t.session"
                                + " where s.customer = ?",
                        person.id());

        assertThat(rows).hasSize(1);
        assertThat(rows.get(0))
                .doesNotContain(token)
                .doesNotContain(HexFormat.of().formatHex(token.getBytes("UTF-8")))
                .contains(
                        HexFormat.of()
                                .formatHex(
                                        MessageDigest.getInstance("SHA-256")
                                                .digest(token.getBytes("UTF-8"))));
    }

    @Test
    void aTokenHas256BitsOfChance() {
        assertThat(TestPerson.fresh().refreshToken()).matches("[A-Za-z0-9_-]{43}");
    }

    @Test
    void theSuccessorIsFixedByTokenAndSaltAndDiffersWithEither() {
        var used = row((byte) 1);
        var salted = row((byte) 2);

        assertThat(tokens.successor(used, "a")).isEqualTo(tokens.successor(used, "a"));
        assertThat(tokens.successor(used, "a")).isNotEqualTo(tokens.successor(used, "b"));
        assertThat(tokens.successor(used, "a")).isNotEqualTo(tokens.successor(salted, "a"));
        assertThat(tokens.successor(used, "a")).matches("[A-Za-z0-9_-]{43}");
    }

    @Test
    void aStoredTokenIsFoundAndAnotherIsNot() {
        var token = TestPerson.fresh().refreshToken();

        assertThat(isThere(token)).isTrue();
        assertThat(isThere(token.toLowerCase(Locale.ROOT))).isFalse();
        assertThat(isThere(token + "=")).isFalse();
    }

    @Test
    void aUsedTokenMayRepeatForAsLongAsTheGraceIs() {
        var row = row((byte) 1);
        var used = Instant.parse("2026-01-01T00:00:00Z");
        var grace = Duration.ofSeconds(10);

        assertThat(row.isUsed()).isFalse();
        assertThat(row.mayRepeatAt(used, grace)).isFalse();
        row.usedAt = used;
        assertThat(row.isUsed()).isTrue();
        assertThat(row.mayRepeatAt(used.plusSeconds(9), grace)).isTrue();
        assertThat(row.mayRepeatAt(used.plusSeconds(10), grace)).isFalse();
    }

    private boolean isThere(String token) {
        return QuarkusTransaction.requiringNew().call(() -> tokens.find(token).isPresent());
    }

    private static RefreshToken row(byte salt) {
        var row = new RefreshToken();
        row.session = UUID.randomUUID();
        row.salt = new byte[] {salt};
        return row;
    }
}
