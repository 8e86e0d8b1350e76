package kvit.closing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import kvit.card.Desk;
import kvit.card.SimulatedCard;
import kvit.card.TestCards;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestPerson;
import kvit.topup.Till;
import org.junit.jupiter.api.Test;

/** All that there is of somebody, and nothing that is others'. */
@KvitTest
class ExportTest {

    private static final String PATH = "/v1/me/export";

    /** Tables that say whose a row is and are in no part, each with the reason. */
    private static final Map<String, String> LEFT_OUT =
            new TreeMap<>(
                    Map.of(
                            "card_applicant",
                            "That somebody has asked to add a card, which cardEnrolments say, too.",
                            "former_customer",
                            "Only of those who have left, and cannot sign in any more.",
                            "payout_trip",
                            "The processor's names of payouts, which are in it.",
                            "webhook_attempt",
                            "How front ends answered when they were told what notices say.",
                            "webhook_delivery",
                            "What front ends were told, which notices say, too.",
                            "webhook_lane",
                            "In which order front ends are told."));

    /**
     * What a column that says whose a row is is called; foreign keys to customer are found by
     * themselves.
     */
    private static final List<String> OWNERS =
            List.of("asker", "customer", "owner", "payee", "payer", "person");

    @Inject Till till;

    @Test
    void everyTableThatIsAboutPeopleIsInIt() {
        var read = new TreeSet<String>();
        for (var part : Part.values()) {
            var names = Pattern.compile("\\b(?:from|join) (\\w+)").matcher(part.sql());
            while (names.find()) {
                read.add(names.group(1));
            }
        }
        var ofPeople = new TreeSet<>(tablesOfPeople());
        assertThat(ofPeople).contains("transfer", "session", "closing", "limit_usage", "account");

        var missing = new TreeSet<>(ofPeople);
        missing.removeAll(read);
        missing.removeAll(LEFT_OUT.keySet());
        assertThat(missing)
                .as("a part for each of these, or a line in LEFT_OUT with the reason")
                .isEmpty();
        assertThat(ofPeople).as("LEFT_OUT").containsAll(LEFT_OUT.keySet());
        assertThat(read).doesNotContainAnyElementsOf(LEFT_OUT.keySet());
    }

    private static List<String> tablesOfPeople() {
        return Sql.column(
                """
                select c.relname::text
                  from pg_class c
                 where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
                   and (c.relname = 'customer'
                        or exists (select from pg_attribute a
                                    where a.attrelid = c.oid and not a.attisdropped
                                      and a.atttypid = 'uuid'::regtype
                                      and a.attname = any (cast(? as text[])))
                        or exists (select from pg_constraint f
                                    where f.conrelid = c.oid and f.confrelid = 'customer'::regclass))
                """,
                "{" + String.join(",", OWNERS) + "}");
    }

    @Test
    void whatSomebodyHasDoneIsInItWithTheNamesThatTheySee() throws Exception {
        var anna = Leaver.named("Taking_" + suffix(), 300_00);
        var boris = Leaver.named("Other_" + suffix(), 100_00);
        var card = till.card(anna.id(), SimulatedCard.WORKS);
        var number = TestCards.next();
        Desk.add(anna, number, "added").statusCode(201);
        Desk.setPin(anna);
        var body =
                Map.of(
                        "payee",
                        Map.of("customerId", boris.id()),
                        "amount",
                        TestPerson.money(1_00, "EUR"),
                        "note",
                        "Crêpes \"au\" 🥞");
        var sent = anna.post("/v1/transfers", "sent", body).statusCode(201).extract().path("id");
        anna.send(boris, 200_00, "EUR", "waits").statusCode(201);
        boris.send(anna, 2_00, "EUR", "back").statusCode(201);
        boris.send(anna, 99_00, "EUR", "others' waiting").statusCode(201);
        anna.post(
                        "/v1/payouts",
                        "out",
                        Map.of(
                                "cardId",
                                card,
                                "amount",
                                TestPerson.money(3_00, "EUR"),
                                "speed",
                                "standard"))
                .statusCode(201);
        request(anna, boris);
        request(boris, anna);

        var export = export(anna);

        assertThat(names(export))
                .containsExactlyElementsOf(
                        with(
                                "exportedAt",
                                Arrays.stream(Part.values()).map(Part::member).toList()));
        var me = export.at("/profile/0");
        assertThat(me.get("phone").asText()).isEqualTo(anna.phone());
        assertThat(me.get("birthDate").asText()).isEqualTo("1990-05-17");
        assertThat(me.get("state").asText()).isEqualTo("active");
        assertThat(me.get("pinSetAt").isTextual()).isTrue();
        assertThat(texts(export, "transfers", "direction"))
                .containsExactly("sent", "sent", "received");
        var first = export.at("/transfers/0");
        assertThat(first.get("id").asText()).isEqualTo(sent);
        assertThat(first.get("note").asText()).isEqualTo("Crêpes \"au\" 🥞");
        assertThat(first.at("/amount/minor").asLong()).isEqualTo(1_00);
        assertThat(first.at("/counterparty/id").asText()).isEqualTo(boris.id().toString());
        assertThat(first.at("/counterparty/displayName").asText()).startsWith("Other_");
        assertThat(export.at("/balances/0/balance/minor").asLong()).isEqualTo(298_00);
        assertThat(export.get("entries")).hasSize(4);
        assertThat(export.at("/entries/3/balanceAfter/minor").asLong()).isEqualTo(298_00);
        for (var part :
                List.of(
                        "sessions",
                        "signIns",
                        "confirmations",
                        "cards",
                        "cardEnrolments",
                        "holds",
                        "payouts",
                        "requests",
                        "askedShares",
                        "keys",
                        "limits",
                        "limitUsage",
                        "exports")) {
            assertThat(export.get(part)).as(part).isNotEmpty();
        }
        assertThat(export.toString())
                .doesNotContain(number)
                .doesNotContain("argon2")
                .doesNotContain(boris.phone());
        assertThat(
                        Sql.<Long>value(
                                "select count(*) from personal_export where customer = ?",
                                anna.id()))
                .isOne();
    }

    /** Its rows come in portions; with {@code -Dkvit.export.rows} it is a question of memory. */
    @Test
    void isOfAnyLength() throws Exception {
        var rows = Integer.getInteger("kvit.export.rows", 5_000);
        var anna = TestPerson.fresh();
        Sql.run(
                """
                insert into personal_export (customer, id, session, client, at)
                select cast(? as uuid), gen_random_uuid(), gen_random_uuid(), 'web', now()
                  from generate_series(1, ?)
                """,
                anna.id(),
                rows);

        var request =
                HttpRequest.newBuilder(
                                URI.create(RestAssured.baseURI + ":" + RestAssured.port + PATH))
                        .header("Authorization", "Bearer " + anna.accessToken())
                        .build();
        var answer =
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());

        var exported = 0;
        try (var parser = new JsonFactory().createParser(answer.body())) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.FIELD_NAME
                        && parser.currentName().equals("session")) {
                    exported++;
                }
            }
        }
        assertThat(exported).isEqualTo(rows + 1);
    }

    @Test
    void goesAFewTimesADay() {
        var anna = Leaver.named("Often_" + suffix(), 0);
        for (var i = 0; i < 3; i++) {
            anna.get(PATH).statusCode(200);
        }

        anna.get(PATH).statusCode(429).body("code", equalTo("too-many-requests"));
    }

    private static JsonNode export(TestPerson anna) throws Exception {
        var answer = anna.get(PATH).statusCode(200).extract();
        assertThat(answer.header("Content-Disposition")).contains("kvit.json");
        return new ObjectMapper().readTree(answer.asByteArray());
    }

    private static void request(TestPerson asker, TestPerson payer) {
        asker.post(
                        "/v1/requests",
                        "request",
                        Map.of(
                                "amount",
                                TestPerson.money(10_00, "EUR"),
                                "payers",
                                List.of(Map.of("customerId", payer.id()))))
                .statusCode(201);
    }

    private static List<String> texts(JsonNode export, String part, String member) {
        var texts = new ArrayList<String>();
        export.get(part).forEach(it -> texts.add(it.get(member).asText()));
        return texts;
    }

    private static List<String> names(JsonNode node) {
        return node.properties().stream().map(Map.Entry::getKey).collect(Collectors.toList());
    }

    private static List<String> with(String first, List<String> others) {
        var all = new ArrayList<>(List.of(first));
        all.addAll(others);
        return all;
    }

    private static String suffix() {
        return UUID.randomUUID().toString().substring(0, 8);
    }
}
