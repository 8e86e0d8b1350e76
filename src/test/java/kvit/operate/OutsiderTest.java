package kvit.operate;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import io.quarkus.test.junit.QuarkusMock;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import kvit.source.Clock;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestOperator;
import kvit.support.TestPerson;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Operators whom somebody else signs in, at the same doors. */
@KvitTest
class OutsiderTest {

    @Inject Issuer issuer;
    @Inject Clock clock;

    private final WireMockServer server =
            new WireMockServer(WireMockConfiguration.options().dynamicPort());
    private final String subject = UUID.randomUUID().toString();
    private final String email = subject + "@elsewhere.example";
    private RsaJsonWebKey key;
    private TestOperator local;

    @BeforeEach
    void start() throws JoseException {
        // While there is a door of ours.
        local = TestOperator.with(Role.ADMIN, Role.APPROVER);
        key = RsaJwkGenerator.generateJwk(2048);
        key.setKeyId("k");
        server.start();
        server.stubFor(
                WireMock.get("/.well-known/openid-configuration")
                        .willReturn(
                                WireMock.okJson(
                                        "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\"}"
                                                .formatted(url(), url()))));
        server.stubFor(
                WireMock.get("/keys")
                        .willReturn(
                                WireMock.okJson(
                                        new JsonWebKeySet(key)
                                                .toJson(OutputControlLevel.PUBLIC_ONLY))));
        var config = new SmallRyeConfigBuilder().withMapping(OperateConfig.class);
        config.withDefaultValue("kvit.operate.issuer.url", url());
        config.withDefaultValue("kvit.operate.issuer.audience", "kvit");
        QuarkusMock.installMockForInstance(
                new Issuer(config.build().getConfigMapping(OperateConfig.class), clock), issuer);
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private String url() {
        return "http://localhost:" + server.port();
    }

    private TestOperator outsider(String subject, String email, String... roles) {
        return outsider(null, subject, email, roles);
    }

    private TestOperator outsider(Duration madeAgo, String subject, String email, String... roles) {
        try {
            var claims = new JwtClaims();
            claims.setIssuer(url());
            claims.setAudience("kvit");
            claims.setSubject(subject);
            claims.setExpirationTime(
                    NumericDate.fromSeconds(
                            clock.instant().plus(Duration.ofMinutes(5)).getEpochSecond()));
            if (madeAgo != null) {
                claims.setIssuedAt(
                        NumericDate.fromSeconds(clock.instant().minus(madeAgo).getEpochSecond()));
            }
            claims.setClaim("email", email);
            claims.setClaim("name", "Olga");
            claims.setClaim("roles", List.of(roles));
            var jws = new JsonWebSignature();
            jws.setPayload(claims.toJson());
            jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
            jws.setKeyIdHeaderValue("k");
            jws.setKey(key.getPrivateKey());
            return new TestOperator(email, jws.getCompactSerialization());
        } catch (JoseException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void atFirstUseTheyHaveARowAndTheRolesOfTheTokenHold() {
        var olga = outsider(subject, email, Role.ADMIN);
        olga.get("/v1/admin/me")
                .statusCode(200)
                .body("email", equalTo(email))
                .body("name", equalTo("Olga"))
                .body("issuer", equalTo(url()))
                .body("roles", contains("admin"));
        olga.get("/v1/admin/operators").statusCode(200);
        var less = outsider(subject, email, Role.SUPPORT);
        less.get("/v1/admin/operators").statusCode(403);
        less.get("/v1/admin/me").body("roles", contains("support"));
        assertThat(Sql.<Long>value("select count(*) from operator where subject = ?", subject))
                .isEqualTo(1);
        assertThat(
                        Sql.<String>column(
                                "select action from audit where who = ? order by at, id", email))
                .containsExactly("operators.admit", "operators.admit");
        outsider(UUID.randomUUID().toString(), email).get("/v1/admin/me").statusCode(401);
        olga.get("/v1/me").statusCode(401);
        TestPerson.fresh().get("/v1/admin/me").statusCode(403);
        given().header("Authorization", "Bearer " + olga.token() + "x")
                .get("/v1/admin/me")
                .then()
                .statusCode(401);
    }

    /** Of two tokens that live at the same time the newer one is what stands here, written once. */
    @Test
    void twoTokensByTurnsWriteNothingNew() {
        var older = outsider(Duration.ofMinutes(2), subject, email, Role.ADMIN);
        var newer = outsider(Duration.ofMinutes(1), subject, email, Role.SUPPORT);
        for (var i = 0; i < 3; i++) {
            older.get("/v1/admin/operators").statusCode(200);
            newer.get("/v1/admin/operators").statusCode(403);
        }
        assertThat(admitted()).isEqualTo(2);
        assertThat(Sql.<String>value("select roles[1] from operator where subject = ?", subject))
                .isEqualTo("support");
        Sql.run("update operator set state = 'DISABLED' where subject = ?", subject);
        outsider(subject, email, Role.FINANCE).get("/v1/admin/me").statusCode(401);
        assertThat(admitted()).isEqualTo(2);
    }

    private long admitted() {
        return Sql.<Long>value(
                "select count(*) from audit where action = 'operators.admit' and who = ?", email);
    }

    @Test
    void manyAtOnceAtFirstUseAreOneOperator() throws Exception {
        var token = outsider(subject, email, Role.SUPPORT).token();
        var statuses =
                Race.run(
                        8,
                        16,
                        () ->
                                kvit.support.Http.post(
                                                token,
                                                "/v1/admin/approvals/" + subject + "/rejection",
                                                null,
                                                "{}")
                                        .statusCode());
        assertThat(statuses).containsOnly(404);
        assertThat(Sql.<Long>value("select count(*) from operator where subject = ?", subject))
                .isEqualTo(1);
    }

    @Test
    void ourOwnDoorIsClosedAndSessionsOfBeforeAreWorthNothing() {
        TestOperator.signIn(local.email(), TestOperator.PASSWORD, null)
                .statusCode(403)
                .body("code", equalTo("sign-in-elsewhere"));
        Invited.enrol("kvi_x", null, TestOperator.PASSWORD)
                .statusCode(403)
                .body("code", equalTo("sign-in-elsewhere"));
        local.get("/v1/admin/me").statusCode(401);
    }

    @Test
    void theirApprovalsNameThemAndOnePersonIsNotTwo() {
        var maker = outsider(subject, email, Role.ADMIN);
        var id =
                Invited.asked(maker, "new-" + subject + "@kvit.example", Role.SUPPORT)
                        .statusCode(202)
                        .body("proposedBy", equalTo(email))
                        .extract()
                        .<String>path("id");
        outsider(subject, email, Role.ADMIN, Role.APPROVER)
                .approve(id)
                .statusCode(403)
                .body("code", equalTo("approval-by-maker"));
        // The same address under another name there.
        outsider(UUID.randomUUID().toString(), email, Role.APPROVER)
                .approve(id)
                .statusCode(403)
                .body("code", equalTo("approval-by-maker"));
        var checker = "checker-" + email;
        outsider(UUID.randomUUID().toString(), checker, Role.APPROVER)
                .approve(id)
                .statusCode(200)
                .body("decidedBy", equalTo(checker));
    }

    @Test
    void whomWeSendAwayIsAwayAndWhatTheyMayDoIsDecidedElsewhere() {
        var olga = outsider(subject, email, Role.SUPPORT);
        olga.get("/v1/admin/me").statusCode(200);
        var admin = outsider(UUID.randomUUID().toString(), "admin-" + email, Role.ADMIN);
        var id = Sql.<UUID>value("select id from operator where subject = ?", subject);
        var path = "/v1/admin/operators/" + id + "/";
        admin.post(path + "roles", Map.of("roles", List.of("admin"), "reason", "r"))
                .statusCode(409)
                .body("code", equalTo("operator-from-elsewhere"));
        admin.post(path + "reset", Map.of("reason", "r"))
                .body("code", equalTo("operator-from-elsewhere"));
        admin.post(path + "disablement", Map.of("reason", "r")).statusCode(200);
        olga.get("/v1/admin/me").statusCode(401);
    }
}
