package kvit.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.smallrye.jwt.auth.principal.JWTCallerPrincipal;
import io.smallrye.jwt.auth.principal.ParseException;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import kvit.source.Clock;
import kvit.support.KvitTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A token that is known is what a token is that is checked. */
@KvitTest
class VerifiedTokensTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final Set<String> SCOPES = Set.of("profile", "wallet");

    @Inject SigningKeys keys;
    Instant now = START;
    final Clock clock = new Clock(() -> now);
    final UUID customer = UUID.randomUUID();
    final UUID session = UUID.randomUUID();

    @Test
    void aTokenIsCheckedOnce() throws Exception {
        var tokens = remembering(100);
        var token = issue(tokens);

        assertThat(parse(tokens, token)).isSameAs(parse(tokens, token));
    }

    @Test
    void whatIsKnownIsWhatACheckFinds() throws Exception {
        var tokens = remembering(100);
        var token = issue(tokens);
        parse(tokens, token);

        assertThat(claims(parse(tokens, token)))
                .isEqualTo(claims(parse(remembering(100), token)))
                .containsEntry("sub", customer.toString())
                .containsEntry("sid", session.toString())
                .containsEntry("groups", Set.of("customer", "profile", "wallet"));
    }

    /** Milliseconds after its issue, and whether it is good then. */
    @ParameterizedTest
    @CsvSource({"0, true", "599999, true", "600000, false", "600001, false", "86400000, false"})
    void aTokenThatIsKnownExpiresLikeOneThatIsNot(long millis, boolean isGood) throws Exception {
        var tokens = remembering(100);
        var token = issue(tokens);
        parse(tokens, token);

        now = START.plusMillis(millis);

        for (var each : new AccessTokens[] {tokens, remembering(100)}) {
            if (isGood) {
                assertThat(parse(each, token).getSubject()).isEqualTo(customer.toString());
            } else {
                assertRefused(each, token);
            }
        }
    }

    /** Of sessions that have ended nobody knows any more after that. */
    @Test
    void aShorterLifeHoldsForTokensThatAreThereAlready() throws Exception {
        var config = TestConfig.identity(Map.of("access-token-life", "PT1M"));
        var restarted = new AccessTokens(keys, config, clock, new VerifiedTokens(config, clock));
        var token = issue(remembering(100));

        now = START.plusSeconds(59);
        assertThat(parse(restarted, token)).isSameAs(parse(restarted, token));
        now = START.plusSeconds(60);

        assertRefused(restarted, token);
        assertThat(parse(remembering(100), token)).isNotNull();
    }

    /** As the sandbox sets it. */
    @Test
    void aClockThatIsSetForwardEndsWhatIsKnown() throws Exception {
        var tokens = remembering(100);
        var token = issue(tokens);
        parse(tokens, token);

        clock.runAhead(LIFE);

        assertRefused(tokens, token);
    }

    @Test
    void whatWasRefusedIsLookedAtAgainAndStaysRefused() throws Exception {
        var tokens = remembering(100);
        var token = issue(tokens);
        var other = issue(tokens, UUID.randomUUID());
        parse(tokens, token);
        parse(tokens, other);
        var forged =
                token.substring(0, token.lastIndexOf('.'))
                        + other.substring(other.lastIndexOf('.'));

        assertRefused(tokens, forged);
        assertRefused(tokens, forged);
        assertRefused(tokens, "x" + token);
        parse(tokens, token);
    }

    @Test
    void whatIsTakenOutOfOneDoesNotChangeIt() throws Exception {
        var tokens = remembering(100);
        var token = issue(tokens);
        var before = claims(parse(tokens, token));

        parse(tokens, token).getGroups().add("admin");
        parse(tokens, token).getAudience().clear();
        parse(tokens, token).getClaimNames().clear();
        Set<String> groups = parse(tokens, token).getClaim("groups");
        groups.clear();

        assertThat(claims(parse(tokens, token))).isEqualTo(before);
    }

    @Test
    void noMoreAreKnownThanFit() throws Exception {
        var config = TestConfig.identity(Map.of("tokens-remembered", "50"));
        var memory = new VerifiedTokens(config, clock);
        var tokens = new AccessTokens(keys, config, clock, memory);
        var issued = new ArrayList<String>();
        for (var number = 0; number < 300; number++) {
            var token = issue(tokens, UUID.randomUUID());
            issued.add(token);
            parse(tokens, token);
        }

        // What is too much goes in the background.
        await().untilAsserted(
                        () ->
                                assertThat(
                                                issued.stream()
                                                        .filter(it -> memory.find(it).isPresent()))
                                        .hasSizeBetween(1, 50));
        for (var token : issued) {
            assertThat(parse(tokens, token)).isNotNull();
        }
    }

    private AccessTokens remembering(int atMost) {
        var config = TestConfig.identity(Map.of("tokens-remembered", String.valueOf(atMost)));
        return new AccessTokens(keys, config, clock, new VerifiedTokens(config, clock));
    }

    private String issue(AccessTokens tokens) {
        return issue(tokens, session);
    }

    private String issue(AccessTokens tokens, UUID of) {
        return tokens.issue(customer, of, "web", SCOPES);
    }

    private static JWTCallerPrincipal parse(AccessTokens tokens, String token)
            throws ParseException {
        return tokens.parse(token, null);
    }

    private static void assertRefused(AccessTokens tokens, String token) {
        assertThatThrownBy(() -> parse(tokens, token)).isInstanceOf(ParseException.class);
    }

    private static Map<String, Object> claims(JWTCallerPrincipal principal) {
        var claims = new HashMap<String, Object>();
        principal.getClaimNames().forEach(it -> claims.put(it, principal.getClaim(it)));
        claims.put("name", principal.getName());
        claims.put("tokenId", principal.getTokenID());
        claims.put("audience", principal.getAudience());
        claims.put("groups", principal.getGroups());
        return claims;
    }
}
