package kvit.packaged;

import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static com.github.tomakehurst.wiremock.stubbing.Scenario.STARTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import java.net.URLDecoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kvit.boot.BundledPostgres;
import kvit.packaged.Postgres.Role;
import kvit.support.Phones;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Live mode: nothing is provided, nothing is made up, and nothing of the sandbox is there. */
class LiveIT {

    private static final String ACCOUNT = "AC00112233445566778899aabbccddeeff";
    private static final String MESSAGES = "/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json";
    private static final String AUTH_TOKEN = "a-token-of-the-provider";
    private static final Pattern CODE = Pattern.compile("(?<![0-9])[0-9]{6}(?![0-9])");
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir Path folder;
    Path database;
    Service service;

    @BeforeEach
    void choose() throws Exception {
        database = folder.resolve("database");
        service = Service.in(Files.createDirectory(folder.resolve("service")));
    }

    @AfterEach
    void end() {
        service.close();
    }

    @Test
    void withoutSettingsItRefusesAndNamesEachMissingOne() throws Exception {
        var exitCode = service.with("kvit.mode", "live").startAndEnd();

        assertThat(exitCode).isEqualTo(1);
        assertThat(service.log())
                .contains("quarkus.datasource.jdbc.url (QUARKUS_DATASOURCE_JDBC_URL)")
                .contains("quarkus.datasource.username (QUARKUS_DATASOURCE_USERNAME)")
                .contains("quarkus.flyway.username (QUARKUS_FLYWAY_USERNAME)")
                .contains("kvit.secret (KVIT_SECRET)")
                .contains("kvit.identity.pin-pepper (KVIT_IDENTITY_PIN_PEPPER)")
                .contains("kvit.identity.signing-key (KVIT_IDENTITY_SIGNING_KEY)")
                .contains("kvit.books.signing-key (KVIT_BOOKS_SIGNING_KEY)")
                .contains("kvit.card.keys (KVIT_CARD_KEYS)")
                .contains("kvit.card.fingerprint-key (KVIT_CARD_FINGERPRINT_KEY)")
                .contains("kvit.sms.gateway (KVIT_SMS_GATEWAY)")
                .contains("kvit.card.processor (KVIT_CARD_PROCESSOR)")
                .doesNotContain("\tat ")
                .doesNotContain("Exception");
        assertThat(service.postgres().processes()).isEmpty();
    }

    @Test
    void withADatabaseThatMayLosePaymentsItRefuses() throws Exception {
        new Postgres(database).provideBinaries();
        try (var postgres = BundledPostgres.start(database)) {
            new Postgres(database)
                    .run(Role.SUPERUSER, "alter role kvit_app set synchronous_commit = off");
            configure(postgres, "http://localhost:1");

            assertThat(service.startAndEnd()).isEqualTo(1);
            assertThat(service.log())
                    .contains("synchronous_commit is off")
                    .doesNotContain("\tat ")
                    .doesNotContain("Kvit is live");
        }
    }

    @Test
    void peopleSignInByRealMessagesAndTheLogTellsNobodyWhoOrHow() throws Exception {
        new Postgres(database).provideBinaries();
        var provider = new WireMockServer(wireMockConfig().dynamicPort());
        provider.start();
        try (var postgres = BundledPostgres.start(database)) {
            configure(postgres, provider.baseUrl());
            // Whoever looks for a fault turns this on, and still learns no secret.
            service.withVariable("QUARKUS_LOG_CATEGORY__KVIT__LEVEL", "DEBUG").start();

            assertThatNothingOfTheSandboxIsThere();
            assertThatPeopleSignInAndTheLogKeepsSilent(provider);
        } finally {
            provider.stop();
        }
    }

    /** As docs/operating.md says, by environment variables. */
    private void configure(BundledPostgres postgres, String provider) throws Exception {
        var database = postgres.config();
        for (var setting :
                List.of(
                        "quarkus.datasource.jdbc.url",
                        "quarkus.datasource.username",
                        "quarkus.datasource.password",
                        "quarkus.flyway.username",
                        "quarkus.flyway.password")) {
            var variable = setting.replace('.', '_').toUpperCase(Locale.ROOT);
            service.withVariable(variable, database.get(setting));
        }
        service.withVariable("KVIT_SECRET", newSecret())
                .withVariable("KVIT_CARD_KEYS", "1:" + newSecret())
                .withVariable("KVIT_CARD_FINGERPRINT_KEY", newSecret())
                .withVariable("KVIT_IDENTITY_SIGNING_KEY", newSigningKey("RSA", 2048).toString())
                .withVariable("KVIT_BOOKS_SIGNING_KEY", newSigningKey("Ed25519", 255).toString())
                .withVariable("KVIT_IDENTITY_PIN_PEPPER", newSecret())
                .withVariable("KVIT_SMS_GATEWAY", "twilio")
                .withVariable("KVIT_SMS_TWILIO_ACCOUNT_SID", ACCOUNT)
                .withVariable("KVIT_SMS_TWILIO_AUTH_TOKEN", AUTH_TOKEN)
                .withVariable("KVIT_SMS_TWILIO_FROM", "Kvit")
                .withVariable("KVIT_SMS_TWILIO_BASE_URL", provider)
                .withVariable("KVIT_CARD_PROCESSOR", "stripe")
                .withVariable("KVIT_CARD_STRIPE_SECRET_KEY", "sk_live_of_nobody")
                .withVariable("KVIT_CARD_STRIPE_WEBHOOK_SECRETS", "whsec_of_nobody")
                .withVariable("KVIT_CARD_STRIPE_BASE", provider);
    }

    private static String newSecret() {
        var secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        return Base64.getEncoder().encodeToString(secret);
    }

    private Path newSigningKey(String algorithm, int bits) throws Exception {
        var generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        var key = generator.generateKeyPair().getPrivate().getEncoded();
        return Files.writeString(
                folder.resolve(algorithm + ".pem"),
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder().encodeToString(key)
                        + "\n-----END PRIVATE KEY-----\n");
    }

    private void assertThatNothingOfTheSandboxIsThere() throws Exception {
        for (var path :
                List.of(
                        "",
                        "/messages?phone=%2B12025550100",
                        "/books",
                        "/books/",
                        "/books;a=b",
                        "/processor/operations",
                        "/%62ooks",
                        "/nothing")) {
            assertThatIsUnknown("GET", "/v1/sandbox" + path, "");
        }
        assertThatIsUnknown("GET", "/v1/%73andbox/books", "");
        assertThatIsUnknown("GET", "//v1/sandbox/books", "");
        assertThatIsUnknown("GET", "/v1//sandbox/books", "");
        assertThatIsUnknown("POST", "/v1/sandbox/clock", "{\"advance\":\"PT24H\"}");
        assertThatIsUnknown("POST", "/v1/sandbox/funding", "{}");
        assertThatIsUnknown("POST", "/v1/sandbox/books", "");
        assertThatIsUnknown("OPTIONS", "/v1/sandbox/clock", "");
    }

    /** Word for word what a path gets that never was. */
    private void assertThatIsUnknown(String method, String path, String body) throws Exception {
        var unknown = exchange(method, "/v1/there-is-no-such-path", body);
        var answer = exchange(method, path, body);

        assertThat(answer.statusCode()).as(method + " " + path).isEqualTo(404);
        assertThat(answer.body()).as(method + " " + path).isEqualTo(unknown.body());
        assertThat(headers(answer)).as(method + " " + path).isEqualTo(headers(unknown));
    }

    private HttpResponse<String> exchange(String method, String path, String body)
            throws Exception {
        var client = new Client(service);
        return client.answer(
                client.request(path)
                        .header("Content-Type", "application/json")
                        .header("Request-Id", "the-same")
                        .method(method, BodyPublishers.ofString(body)));
    }

    private static Map<String, List<String>> headers(HttpResponse<String> answer) {
        var headers = new TreeMap<>(answer.headers().map());
        headers.remove("date");
        return headers;
    }

    private void assertThatPeopleSignInAndTheLogKeepsSilent(WireMockServer provider)
            throws Exception {
        failOnceAndThenTakeMessages(provider);
        var client = new Client(service);
        var phone = Phones.next();
        var signIn = client.startSignIn(phone);
        await().atMost(SOON).until(() -> bodies(provider).count() == 2);
        // Each attempt has a code of its own, and the last one counts.
        var codes = bodies(provider).map(LiveIT::code).toList();
        assertThat(bodies(provider)).allMatch(it -> it.contains(phone.substring(1)));

        var wrong = client.post(confirmation(signIn), "{\"code\":\"" + codes.get(0) + "\"}");
        var person = client.confirm(signIn, codes.get(1));

        assertThat(wrong.statusCode()).isIn(401, 422);
        assertThat(client.get("/v1/me", person).statusCode()).isEqualTo(200);
        var refreshed = client.refresh(person);
        client.post("/v1/sign-ins", "{\"phone\":\"" + phone + "\",\"phone\":{}}");
        client.post(confirmation(signIn), "{\"code\":\"" + codes.get(1) + "\"}");
        client.get("/v1/people?phone=%2B" + phone.substring(1), refreshed);

        var secrets =
                Stream.concat(
                        codes.stream(),
                        Stream.of(
                                phone,
                                phone.substring(1),
                                person.accessToken(),
                                person.refreshToken(),
                                refreshed.accessToken(),
                                refreshed.refreshToken(),
                                AUTH_TOKEN,
                                new Postgres(database).password(Role.APP),
                                new Postgres(database).password(Role.OWNER)));
        var log = service.log();
        assertThat(log.lines()).allSatisfy(LiveIT::assertThatIsAnEntry);
        assertThat(log).contains("Kvit is live").doesNotContain(secrets.toList());
    }

    private static void assertThatIsAnEntry(String line) {
        assertThat(Client.json(line).path("message").isTextual()).as(line).isTrue();
    }

    private static void failOnceAndThenTakeMessages(WireMockServer provider) {
        provider.stubFor(
                post(urlEqualTo(MESSAGES))
                        .inScenario("an outage")
                        .whenScenarioStateIs(STARTED)
                        .willReturn(status(500))
                        .willSetStateTo("over"));
        provider.stubFor(
                post(urlEqualTo(MESSAGES))
                        .inScenario("an outage")
                        .whenScenarioStateIs("over")
                        .willReturn(status(201)));
    }

    private static Stream<String> bodies(WireMockServer provider) {
        return provider.findAll(postRequestedFor(urlEqualTo(MESSAGES))).stream()
                .map(it -> it.getBodyAsString());
    }

    private static String code(String body) {
        var text = URLDecoder.decode(body.replaceAll(".*Body=", ""), StandardCharsets.UTF_8);
        var found = CODE.matcher(text);
        assertThat(found.find()).as(text).isTrue();
        return found.group();
    }

    private static String confirmation(String signIn) {
        return "/v1/sign-ins/" + signIn + "/confirmation";
    }
}
