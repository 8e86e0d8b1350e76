package kvit.operate;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import io.quarkus.security.AuthenticationFailedException;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kvit.problem.Problem;
import kvit.source.Clock;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whom an outside issuer lets in, and how nobody passes for one of them. */
class IssuerTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final String KEYS = "/keys";

    private static final PublicJsonWebKey RSA = rsa("rsa-1");
    private static final PublicJsonWebKey STRANGER = rsa("rsa-1");
    private static final PublicJsonWebKey EC = ec("ec-1");

    private final WireMockServer server =
            new WireMockServer(WireMockConfiguration.options().dynamicPort());
    private Issuer issuer;

    @BeforeEach
    void start() {
        server.start();
        server.stubFor(
                get("/.well-known/openid-configuration")
                        .willReturn(
                                okJson(
                                        "{\"issuer\":\"%s\",\"jwks_uri\":\"%s\"}"
                                                .formatted(url(), url() + KEYS))));
        publish(RSA, EC);
        issuer = issuer(Map.of());
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private String url() {
        return "http://localhost:" + server.port();
    }

    private Issuer issuer(Map<String, String> settings) {
        var config = new SmallRyeConfigBuilder().withMapping(OperateConfig.class);
        config.withDefaultValue("kvit.operate.issuer.url", url());
        config.withDefaultValue("kvit.operate.issuer.audience", "kvit");
        settings.forEach((name, value) -> config.withDefaultValue("kvit.operate." + name, value));
        return new Issuer(
                config.build().getConfigMapping(OperateConfig.class), new Clock(() -> NOW));
    }

    private void publish(PublicJsonWebKey... keys) {
        server.stubFor(
                get(KEYS)
                        .willReturn(
                                okJson(
                                        new JsonWebKeySet(keys)
                                                .toJson(OutputControlLevel.PUBLIC_ONLY))));
    }

    private static PublicJsonWebKey rsa(String id) {
        try {
            var key = RsaJwkGenerator.generateJwk(2048);
            key.setKeyId(id);
            return key;
        } catch (JoseException e) {
            throw new AssertionError(e);
        }
    }

    private static PublicJsonWebKey ec(String id) {
        try {
            var key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
            key.setKeyId(id);
            return key;
        } catch (JoseException e) {
            throw new AssertionError(e);
        }
    }

    /** Whoever is between us and the keys says who is an operator. */
    @Test
    void keysComeByHttpsOrFromWhereTheIssuerIs() {
        var elsewhere = "http://127.0.0.1:" + server.port();
        server.stubFor(
                get("/.well-known/openid-configuration")
                        .willReturn(
                                okJson(
                                        "{\"issuer\":\"%s\",\"jwks_uri\":\"%s\"}"
                                                .formatted(url(), elsewhere + KEYS))));
        var token = token();

        assertThatThrownBy(() -> issuer.verify(token)).isInstanceOf(Problem.class);
        server.verify(0, getRequestedFor(urlEqualTo(KEYS)));
    }

    private JwtClaims claims() {
        var claims = new JwtClaims();
        claims.setIssuer(url());
        claims.setAudience("kvit");
        claims.setSubject("subject-1");
        claims.setExpirationTime(at(Duration.ofMinutes(5)));
        claims.setIssuedAt(at(Duration.ZERO));
        claims.setClaim("email", "Ada@Example.org");
        claims.setClaim("name", "Ada");
        claims.setClaim("roles", List.of("admin", "something-else"));
        return claims;
    }

    private static NumericDate at(Duration fromNow) {
        return NumericDate.fromSeconds(NOW.plus(fromNow).getEpochSecond());
    }

    private String token() {
        return signed(claims(), RSA, AlgorithmIdentifiers.RSA_USING_SHA256);
    }

    private static String signed(JwtClaims claims, PublicJsonWebKey key, String algorithm) {
        var jws = new JsonWebSignature();
        jws.setKeyIdHeaderValue(key.getKeyId());
        jws.setKey(key.getPrivateKey());
        return signed(jws, claims, algorithm);
    }

    private static String signed(JsonWebSignature jws, JwtClaims claims, String algorithm) {
        try {
            jws.setPayload(claims.toJson());
            jws.setAlgorithmHeaderValue(algorithm);
            jws.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new AssertionError(e);
        }
    }

    private void assertRefused(String token) {
        assertThatThrownBy(() -> issuer.verify(token))
                .isInstanceOf(AuthenticationFailedException.class);
    }

    @Test
    void whomItVouchesForIsLetInByEitherAlgorithm() {
        var ada =
                new Outsider(
                        url(),
                        "subject-1",
                        "ada@example.org",
                        "Ada",
                        List.of(Role.ADMIN),
                        Instant.ofEpochSecond(NOW.getEpochSecond()));
        assertThat(issuer.verify(token())).isEqualTo(ada);
        var byEc = signed(claims(), EC, AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
        assertThat(issuer.verify(byEc)).isEqualTo(ada);
        server.verify(1, getRequestedFor(urlEqualTo(KEYS)));
    }

    @Test
    void nobodyElsesSignatureCounts() {
        assertRefused(signed(claims(), STRANGER, AlgorithmIdentifiers.RSA_USING_SHA256));
        var token = token();
        assertRefused(token.substring(0, token.length() - 4) + "AAAA");
        assertRefused(token.substring(0, token.lastIndexOf('.') + 1));
    }

    @Test
    void noneIsNoAlgorithmAndAPublicKeyIsNoSecret() throws JoseException {
        assertRefused(signed(new JsonWebSignature(), claims(), AlgorithmIdentifiers.NONE));
        for (var secret :
                List.of(
                        RSA.getPublicKey().getEncoded(),
                        RSA.toJson(OutputControlLevel.PUBLIC_ONLY)
                                .getBytes(StandardCharsets.UTF_8))) {
            var jws = new JsonWebSignature();
            jws.setKeyIdHeaderValue(RSA.getKeyId());
            jws.setKey(new HmacKey(secret));
            assertRefused(signed(jws, claims(), AlgorithmIdentifiers.HMAC_SHA256));
        }
        assertRefused(signed(claims(), RSA, AlgorithmIdentifiers.RSA_USING_SHA512));
        assertRefused(signed(claims(), RSA, AlgorithmIdentifiers.RSA_PSS_USING_SHA256));
    }

    @Test
    void itIsForUsAndOfNowAndOfThatIssuer() {
        var faults = new HashMap<String, JwtClaims>();
        faults.put("for somebody else", with(it -> it.setAudience("another")));
        faults.put("for nobody", with(it -> it.unsetClaim("aud")));
        faults.put("of somebody else", with(it -> it.setIssuer("https://elsewhere.example")));
        faults.put(
                "expired",
                with(
                        it -> {
                            it.setIssuedAt(at(Duration.ofMinutes(-5)));
                            it.setExpirationTime(at(Duration.ofSeconds(-31)));
                        }));
        faults.put("without an end", with(it -> it.unsetClaim("exp")));
        faults.put("for too long", with(it -> it.setExpirationTime(at(Duration.ofHours(13)))));
        faults.put("of tomorrow", with(it -> it.setNotBefore(at(Duration.ofSeconds(31)))));
        faults.put("about nobody", with(it -> it.unsetClaim("sub")));
        faults.put("without a name", with(it -> it.unsetClaim("email")));
        faults.put("of an address", with(it -> it.setClaim("email", "none")));
        faults.put("not looked at", with(it -> it.setClaim("email_verified", false)));
        faults.forEach(
                (what, claims) ->
                        assertThatThrownBy(
                                        () ->
                                                issuer.verify(
                                                        signed(
                                                                claims,
                                                                RSA,
                                                                AlgorithmIdentifiers
                                                                        .RSA_USING_SHA256)))
                                .as(what)
                                .isInstanceOf(AuthenticationFailedException.class));
        var skewed =
                with(
                        it -> {
                            it.setIssuedAt(at(Duration.ofMinutes(-5)));
                            it.setExpirationTime(at(Duration.ofSeconds(-29)));
                        });
        assertThat(issuer.verify(signed(skewed, RSA, AlgorithmIdentifiers.RSA_USING_SHA256)))
                .isNotNull();
    }

    private JwtClaims with(java.util.function.Consumer<JwtClaims> change) {
        var claims = claims();
        change.accept(claims);
        return claims;
    }

    @Test
    void aKeyThatIsNewIsLearntAndOneThatIsMadeUpIsNotAskedForAllTheTime() {
        assertThat(issuer.verify(token())).isNotNull();
        var made = rsa("made-up");
        for (var i = 0; i < 5; i++) {
            assertRefused(signed(claims(), made, AlgorithmIdentifiers.RSA_USING_SHA256));
        }
        var without = rsa("x");
        without.setKeyId(null);
        assertRefused(signed(claims(), without, AlgorithmIdentifiers.RSA_USING_SHA256));
        server.verify(1, getRequestedFor(urlEqualTo(KEYS)));

        var fresh = issuer(Map.of());
        var next = rsa("rsa-2");
        publish(next);
        var byNext = signed(claims(), next, AlgorithmIdentifiers.RSA_USING_SHA256);
        assertThat(fresh.verify(byNext)).isNotNull();
    }

    @Test
    void whileItIsAwayNobodyKnowsAndWhoseKeysAreKnownGoOn() {
        assertThat(issuer.verify(token())).isNotNull();
        server.stubFor(get(KEYS).willReturn(aResponse().withStatus(500)));
        assertThat(issuer.verify(token())).isNotNull();
        var fresh = issuer(Map.of());
        for (var i = 0; i < 3; i++) {
            assertThatThrownBy(() -> fresh.verify(token()))
                    .isInstanceOf(Problem.class)
                    .extracting(it -> ((Problem) it).type().code())
                    .isEqualTo("unavailable");
        }
        // Once by the one who knows its keys, and once by the other, who leaves it alone since.
        server.verify(2, getRequestedFor(urlEqualTo(KEYS)));
    }

    @Test
    void whoAnswersInItsPlaceIsNotBelieved() {
        server.stubFor(
                get("/.well-known/openid-configuration")
                        .willReturn(
                                okJson(
                                        "{\"issuer\":\"https://evil.example\",\"jwks_uri\":\"%s\"}"
                                                .formatted(url() + KEYS))));
        assertThatThrownBy(() -> issuer.verify(token())).isInstanceOf(Problem.class);
    }

    @Test
    void rolesStandWhereTheConfigurationSaysAndAreCalledWhatItSays() {
        var nested =
                issuer(
                        Map.of(
                                "issuer.roles-claim", "realm_access.roles",
                                "issuer.email-claim", "preferred_username",
                                "issuer.role-names.approver", "kvit-checkers"));
        var claims =
                with(
                        it -> {
                            it.setClaim(
                                    "realm_access",
                                    Map.of("roles", List.of("kvit-checkers", "admin", "approver")));
                            it.setClaim("preferred_username", "ada@kvit.example");
                        });
        var ada = nested.verify(signed(claims, RSA, AlgorithmIdentifiers.RSA_USING_SHA256));
        assertThat(ada.roles()).containsExactly(Role.ADMIN, Role.APPROVER);
        assertThat(ada.email()).isEqualTo("ada@kvit.example");

        var dotted = issuer(Map.of("issuer.roles-claim", "https://kvit.example/roles"));
        var text = with(it -> it.setClaim("https://kvit.example/roles", "support finance"));
        assertThat(dotted.verify(signed(text, RSA, AlgorithmIdentifiers.RSA_USING_SHA256)).roles())
                .containsExactly(Role.FINANCE, Role.SUPPORT);
        assertThat(dotted.verify(token()).roles()).isEmpty();
    }

    @Test
    void onlyWhatNamesItIsLookedInto() {
        assertThat(issuer.isNamedIn(token())).isTrue();
        var other = with(it -> it.setIssuer("https://elsewhere.example"));
        assertThat(issuer.isNamedIn(signed(other, RSA, AlgorithmIdentifiers.RSA_USING_SHA256)))
                .isFalse();
        for (var token : List.of("", "a.b.c", "..", "kvo_x", "a.%%%.c", "x".repeat(20_000))) {
            assertThat(issuer.isNamedIn(token)).as(token).isFalse();
        }
    }

    @Test
    void halfAConfigurationStopsTheStart() {
        assertThatThrownBy(() -> issuer(Map.of("issuer.audience", "")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("audience");
    }
}
