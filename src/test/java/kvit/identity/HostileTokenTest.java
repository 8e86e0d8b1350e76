package kvit.identity;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.restassured.response.ValidatableResponse;
import io.smallrye.jwt.util.KeyUtils;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import kvit.source.Clock;
import kvit.support.KvitTest;
import kvit.support.TestPerson;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Access tokens that somebody made, changed or brought from elsewhere; S-05. */
@KvitTest
class HostileTokenTest {

    @Inject Clock clock;

    /** Makes tokens that are right in everything that is not asked to be wrong. */
    private static final class Forger {
        final TestPerson person = TestPerson.fresh();
        final PrivateKey ours = signingKey();
        final PublicKey ourPublic = publicKey(ours);
        final String keyId;
        final Instant now;
        private final String session;

        Forger(Clock clock) {
            this.now = clock.instant();
            var genuine = person.accessToken().split("\\.", -1);
            this.keyId = text(genuine[0]).replaceFirst(".*\"kid\" *: *\"([^\"]+)\".*", "$1");
            this.session = text(genuine[1]).replaceFirst(".*\"sid\" *: *\"([^\"]+)\".*", "$1");
        }

        JwtClaims claims() {
            var claims = new JwtClaims();
            claims.setIssuer("kvit");
            claims.setAudience("kvit");
            claims.setSubject(person.id().toString());
            claims.setStringListClaim("groups", List.of("customer", "profile"));
            claims.setStringClaim("sid", session);
            claims.setIssuedAt(date(0));
            claims.setExpirationTime(date(600));
            return claims;
        }

        NumericDate date(long secondsFromNow) {
            return NumericDate.fromSeconds(now.getEpochSecond() + secondsFromNow);
        }

        JsonWebSignature jws() {
            var jws = new JsonWebSignature();
            jws.setAlgorithmHeaderValue("RS256");
            jws.setKeyIdHeaderValue(keyId);
            jws.setHeader("typ", "at+jwt");
            jws.setKey(ours);
            jws.setPayload(claims().toJson());
            return jws;
        }

        String withClaims(Consumer<JwtClaims> change) {
            var claims = claims();
            change.accept(claims);
            var jws = jws();
            jws.setPayload(claims.toJson());
            return serialize(jws);
        }

        String with(Consumer<JsonWebSignature> change) {
            var jws = jws();
            change.accept(jws);
            return serialize(jws);
        }

        String signedBy(String algorithm, Key key) {
            return with(
                    jws -> {
                        jws.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
                        jws.setAlgorithmHeaderValue(algorithm);
                        jws.setKey(key);
                        jws.setDoKeyValidation(false);
                    });
        }

        /** Signed by another key, which the header itself offers for the check. */
        String bringing(String header, Object value) {
            return with(
                    jws -> {
                        jws.setKey(STRANGER);
                        jws.getHeaders().setObjectHeaderValue(header, value);
                    });
        }
    }

    private interface Making {
        String token(Forger forger);
    }

    private enum Trick implements Making {
        NO_SIGNATURE(it -> it.signedBy("none", null)),
        NO_SIGNATURE_IN_CAPITALS(
                it ->
                        part("{\"alg\":\"NONE\",\"typ\":\"at+jwt\"}")
                                + "."
                                + part(it.claims().toJson())
                                + "."),
        SIGNATURE_CUT_OFF(it -> genuine(it, 0) + "." + genuine(it, 1) + "."),
        SIGNATURE_LEFT_OUT(it -> genuine(it, 0) + "." + genuine(it, 1)),
        SIGNATURE_OF_ANOTHER_TOKEN(
                it ->
                        it.withClaims(claims -> claims.setSubject(UUID.randomUUID().toString()))
                                        .replaceFirst("\\.[^.]*$", ".")
                                + genuine(it, 2)),
        HMAC_WITH_OUR_PUBLIC_KEY(
                it -> it.signedBy("HS256", new HmacKey(it.ourPublic.getEncoded()))),
        HMAC_WITH_OUR_PUBLIC_KEY_AS_PEM(
                it ->
                        it.signedBy(
                                "HS256",
                                new HmacKey(pem(it.ourPublic).getBytes(StandardCharsets.UTF_8)))),
        HMAC_WITH_AN_EMPTY_KEY(it -> it.signedBy("HS256", new HmacKey(new byte[1]))),
        OUR_KEY_BY_PS256(it -> it.signedBy("PS256", it.ours)),
        OUR_KEY_BY_RS512(it -> it.signedBy("RS512", it.ours)),
        OTHER_KEY_WITH_OUR_ID(it -> it.signedBy("RS256", STRANGER)),
        OTHER_KEY_WITH_ITS_OWN_ID(
                it ->
                        it.with(
                                jws -> {
                                    jws.setKey(STRANGER);
                                    jws.setKeyIdHeaderValue("stranger");
                                })),
        OUR_KEY_WITH_AN_UNKNOWN_ID(it -> it.with(jws -> jws.setKeyIdHeaderValue("other"))),
        KEY_ID_THAT_IS_A_PATH(
                it ->
                        it.with(
                                jws -> {
                                    jws.setKey(STRANGER);
                                    jws.setKeyIdHeaderValue("../../../../dev/null");
                                })),
        KEY_ID_THAT_IS_SQL(
                it ->
                        it.with(
                                jws -> {
                                    jws.setKey(STRANGER);
                                    jws.setKeyIdHeaderValue("' or '1'='1");
                                })),
        JWK_IN_THE_HEADER(
                it ->
                        it.with(
                                jws -> {
                                    jws.setKey(STRANGER);
                                    jws.getHeaders()
                                            .setJwkHeaderValue("jwk", jwk(publicKey(STRANGER)));
                                })),
        JKU_IN_THE_HEADER(it -> it.bringing("jku", "https://attacker.example/jwks.json")),
        X5U_IN_THE_HEADER(it -> it.bringing("x5u", "https://attacker.example/cert.pem")),
        X5C_IN_THE_HEADER(it -> it.bringing("x5c", List.of("MIIB"))),
        CRITICAL_HEADER_UNKNOWN_TO_US(
                it ->
                        it.with(
                                jws ->
                                        jws.getHeaders()
                                                .setObjectHeaderValue("crit", List.of("kvit")))),
        OTHER_TYPE(it -> it.with(jws -> jws.setHeader("typ", "JWT"))),
        NO_TYPE(it -> it.with(jws -> jws.getHeaders().setObjectHeaderValue("typ", null))),
        OTHER_ISSUER(it -> it.withClaims(claims -> claims.setIssuer("https://kvit.example"))),
        NO_ISSUER(it -> it.withClaims(claims -> claims.unsetClaim("iss"))),
        OTHER_AUDIENCE(it -> it.withClaims(claims -> claims.setAudience("operators"))),
        NO_AUDIENCE(it -> it.withClaims(claims -> claims.unsetClaim("aud"))),
        NO_EXPIRY(it -> it.withClaims(claims -> claims.unsetClaim("exp"))),
        EXPIRED_A_SECOND_AGO(it -> it.withClaims(claims -> claims.setExpirationTime(it.date(-1)))),
        OLDER_THAN_TOKENS_GET(it -> it.withClaims(claims -> claims.setIssuedAt(it.date(-601)))),
        EXPIRY_THAT_IS_TEXT(it -> it.withClaims(claims -> claims.setClaim("exp", "never"))),
        NOT_YET_VALID(it -> it.withClaims(claims -> claims.setNotBefore(it.date(60)))),
        NO_ISSUE_TIME(it -> it.withClaims(claims -> claims.unsetClaim("iat"))),
        NO_SUBJECT(it -> it.withClaims(claims -> claims.unsetClaim("sub"))),
        SUBJECT_THAT_IS_NO_UUID(it -> it.withClaims(claims -> claims.setSubject("admin"))),
        NO_SESSION(it -> it.withClaims(claims -> claims.unsetClaim("sid"))),
        SESSION_THAT_IS_NO_UUID(it -> it.withClaims(claims -> claims.setClaim("sid", "current"))),
        SESSION_THAT_IS_A_NUMBER(it -> it.withClaims(claims -> claims.setClaim("sid", 7))),
        TAMPERED_PAYLOAD(
                it ->
                        genuine(it, 0)
                                + "."
                                + part(
                                        text(genuine(it, 1))
                                                .replace(
                                                        it.person.id().toString(),
                                                        UUID.randomUUID().toString()))
                                + "."
                                + genuine(it, 2)),
        PAYLOAD_THAT_IS_NO_JSON(it -> it.with(jws -> jws.setPayload("customer"))),
        PAYLOAD_THAT_IS_A_LIST(it -> it.with(jws -> jws.setPayload("[]"))),
        REFRESH_TOKEN(it -> it.person.refreshToken()),
        GARBAGE(it -> "garbage"),
        TWO_DOTS(it -> ".."),
        FIVE_PARTS(it -> "a.b.c.d.e"),
        BRACES(it -> "{}.{}.{}"),
        VERY_LONG(it -> "a".repeat(7_000)),
        TRAILING_PART(it -> it.person.accessToken() + ".x");

        private final Making making;

        Trick(Making making) {
            this.making = making;
        }

        @Override
        public String token(Forger forger) {
            return making.token(forger);
        }
    }

    private static final PrivateKey STRANGER = strangersKey();

    @Test
    void theForgerMakesTokensThatAreTakenForOurs() {
        me("Bearer " + serialize(new Forger(clock).jws())).statusCode(200);
    }

    @ParameterizedTest
    @EnumSource
    void aHostileTokenIsRefused(Trick trick) {
        assertRefused(me("Bearer " + trick.token(new Forger(clock))));
    }

    /** What was found good is remembered; only that very token is. */
    @ParameterizedTest
    @EnumSource
    void aHostileTokenIsRefusedAlsoAfterTheGoodOnesThatItIsLike(Trick trick) {
        var forger = new Forger(clock);
        var genuine = "Bearer " + forger.person.accessToken();
        me(genuine).statusCode(200);
        me("Bearer " + serialize(forger.jws())).statusCode(200);
        var hostile = "Bearer " + trick.token(forger);

        assertRefused(me(hostile));
        assertRefused(me(hostile));
        me(genuine).statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "Bearer",
                "Bearer ",
                "Bearer null",
                "Basic YW5uYTpwYXNzd29yZA==",
                "Digest username=anna",
                "Token %s",
                "%s",
                "Bearer%s",
                "Bearer \"%s\"",
                "Bearer %s, Bearer %s",
                "Bearer Bearer %s",
                "Negotiate %s"
            })
    void anythingButABearerTokenIsRefused(String header) {
        assertRefused(me(header.replace("%s", TestPerson.fresh().accessToken())));
    }

    @Test
    void aTokenOutsideOfItsHeaderIsNotLookedAt() {
        var token = TestPerson.fresh().accessToken();

        assertRefused(given().queryParam("access_token", token).get("/v1/me").then());
        assertRefused(given().cookie("Bearer", token).get("/v1/me").then());
        assertRefused(given().cookie("access_token", token).get("/v1/me").then());
    }

    @Test
    void noTokenAtAllIsRefused() {
        assertRefused(given().get("/v1/me").then());
    }

    @Test
    void aHostileTokenDoesNotCloseTheDoorsThatAreOpenToAll() {
        given().header("Authorization", "Bearer garbage")
                .get("/.well-known/jwks.json")
                .then()
                .statusCode(200);
    }

    @Test
    void thePublishedKeysAreOurPublicKeyAndNothingOfThePrivateOne() throws Exception {
        var forger = new Forger(clock);

        var keys = given().get("/.well-known/jwks.json").then().statusCode(200).extract();

        var key = keys.jsonPath().<String, String>getMap("keys[0]");
        assertThat(key).containsOnlyKeys("kty", "kid", "use", "alg", "n", "e");
        assertThat(key)
                .containsEntry("kid", forger.keyId)
                .containsEntry("kty", "RSA")
                .containsEntry("use", "sig")
                .containsEntry("alg", "RS256");
        var published =
                PublicJsonWebKey.Factory.newPublicJwk(
                        keys.asString().replaceAll("(?s)^.*\\[|\\].*$", ""));
        assertThat(published.getPublicKey()).isEqualTo(forger.ourPublic);
        var check = new JsonWebSignature();
        check.setCompactSerialization(forger.person.accessToken());
        check.setKey(published.getPublicKey());
        assertThat(check.verifySignature()).isTrue();
    }

    private static ValidatableResponse me(String header) {
        return given().header("Authorization", header).get("/v1/me").then();
    }

    private static void assertRefused(ValidatableResponse answer) {
        answer.statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", containsString("Bearer"))
                .body("code", equalTo("unauthenticated"));
    }

    private static String genuine(Forger forger, int part) {
        return forger.person.accessToken().split("\\.", -1)[part];
    }

    private static String part(String json) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    }

    private static String pem(PublicKey key) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    private static String serialize(JsonWebSignature jws) {
        try {
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new AssertionError(e);
        }
    }

    private static PublicJsonWebKey jwk(PublicKey key) {
        try {
            return PublicJsonWebKey.Factory.newPublicJwk(key);
        } catch (JoseException e) {
            throw new AssertionError(e);
        }
    }

    private static PrivateKey signingKey() {
        try {
            return KeyUtils.decodePrivateKey(
                    Files.readString(
                            ConfigProvider.getConfig()
                                    .getValue("kvit.identity.signing-key", Path.class)));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static PublicKey publicKey(PrivateKey key) {
        try {
            var rsa = (RSAPrivateCrtKey) key;
            return KeyFactory.getInstance("RSA")
                    .generatePublic(
                            new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static PrivateKey strangersKey() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair().getPrivate();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
