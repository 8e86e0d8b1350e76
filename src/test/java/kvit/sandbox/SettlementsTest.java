package kvit.sandbox;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import kvit.operate.Role;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestOperator;
import org.junit.jupiter.api.Test;

/** Each in a currency that no other test charges in: what is settled is settled for everybody. */
@KvitTest
class SettlementsTest {

    private static UUID charge(String currency, long minor) {
        return operation("CHARGE", currency, minor, "card");
    }

    private static UUID operation(String kind, String currency, long minor, String subject) {
        var id = UUID.randomUUID();
        var isPush = kind.equals("PUSH");
        Sql.run(
                """
                insert into simulated_operation
                    (id, kind, subject, minor, currency, speed, name, at, later, later_at, told)
                values (?, ?, ?, ?, ?, ?, ?, timestamptz '2026-11-01T00:00Z' + ? * interval '1 s', ?,
                        cast(? as timestamptz), true)
                """,
                id,
                kind,
                subject,
                minor,
                currency,
                isPush ? "STANDARD" : null,
                "sim_" + id,
                (int) minor,
                isPush ? "PAID" : null,
                isPush ? "2026-11-02T00:00:00Z" : null);
        return id;
    }

    private static ValidatableResponse generate(String currency, List<Map<String, Object>> faults) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("currency", currency, "date", "2026-11-20", "faults", faults))
                .post("/v1/sandbox/settlements")
                .then();
    }

    private static JsonPath settle(String currency, List<Map<String, Object>> faults) {
        return generate(currency, faults)
                .statusCode(201)
                .body("items", hasSize(1))
                .extract()
                .jsonPath();
    }

    private static ValidatableResponse upload(
            TestOperator by, JsonPath made, String file, String key) {
        return by.request()
                .contentType("application/octet-stream")
                .queryParam("source", made.getString("items[0]." + file + ".source"))
                .queryParam("name", made.getString("items[0]." + file + ".name"))
                .queryParam("reason", "A test.")
                .body(
                        made.getString("items[0]." + file + "." + key)
                                .getBytes(StandardCharsets.UTF_8))
                .post("/v1/admin/settlement-files")
                .then();
    }

    @Test
    void whatHappenedIsSettledOnceAndBothFilesAreGood() {
        var finance = TestOperator.with(Role.FINANCE);
        var first = charge("BHD", 10_050);
        var second = charge("BHD", 20_000);
        operation("REFUND", "BHD", 3_000, "sim_" + first);
        operation("PUSH", "BHD", 1_000, "card");

        var made = settle("BHD", List.of());
        var batch = made.getString("items[0].batch");
        assertThat(made.getString("items[0].processor.content").lines())
                .first()
                .isEqualTo(
                        "line,psp_reference,merchant_reference,type,gross,fee,net,currency,booked_on,batch");
        // 10.050 less 1.2 % is 0.1206, half up.
        assertThat(made.getString("items[0].processor.content"))
                .contains(
                        "sim_%s,%s,Settled,10.050,0.121,9.929,BHD,2026-11-20,%s"
                                .formatted(first, first, batch))
                .contains("Settled,20.000,0.240,19.760,BHD")
                .contains("Refunded,-3.000,0.000,-3.000,BHD")
                .contains("Payout,-1.000,0.000,-1.000,BHD")
                .contains(",,Fee,0.000,0.500,-0.500,BHD")
                .contains("MerchantPayout,,,-25.189,BHD");
        upload(finance, made, "processor", "content")
                .statusCode(201)
                .body("batch", equalTo(batch))
                .body("lineCount", equalTo(6));
        String statement =
                upload(finance, made, "bank", "content")
                        .statusCode(201)
                        .body("opening.minor", equalTo(0))
                        .body("closing.minor", equalTo(25_189))
                        .extract()
                        .path("id");
        finance.get("/v1/admin/settlement-files/" + statement + "/lines")
                .body("items.batch", contains(batch))
                .body("items[0].net.minor", equalTo(25_189));

        generate("BHD", List.of()).statusCode(201).body("items", empty());

        charge("BHD", 5_000);
        var next = settle("BHD", List.of());
        upload(finance, next, "processor", "content").statusCode(201);
        upload(finance, next, "bank", "content")
                .statusCode(201)
                .body("opening.minor", equalTo(25_189));
        assertThat(second).isNotNull();
    }

    @Test
    void eachFaultBefallsALineOfItsOwnAndIsNamed() {
        var finance = TestOperator.with(Role.FINANCE);
        var charges =
                LongStream.rangeClosed(1, 7)
                        .mapToObj(it -> charge("TND", it * 10_000).toString())
                        .toList();
        var made =
                settle(
                        "TND",
                        List.of(
                                Map.of("kind", "AMOUNT_OFF", "minor", 7),
                                Map.of("kind", "CURRENCY_WRONG"),
                                Map.of("kind", "DIRECTION_FLIPPED"),
                                Map.of("kind", "DUPLICATE_LINE"),
                                Map.of("kind", "MISSING_LINE", "reference", charges.get(6)),
                                Map.of("kind", "UNKNOWN_LINE")));
        assertThat(made.getList("items[0].faults.kind"))
                .containsExactly(
                        "AMOUNT_OFF",
                        "CURRENCY_WRONG",
                        "DIRECTION_FLIPPED",
                        "DUPLICATE_LINE",
                        "MISSING_LINE",
                        "UNKNOWN_LINE");
        assertThat(made.getList("items[0].faults.line")).containsExactly(1, 2, 3, 5, null, 8);
        assertThat(made.getList("items[0].faults.reference"))
                .startsWith(
                        charges.get(0),
                        charges.get(1),
                        charges.get(2),
                        charges.get(3),
                        charges.get(6));
        assertThat(made.getInt("items[0].faults[0].off.minor")).isEqualTo(-7);
        var lines = made.getString("items[0].processor.content").lines().toList();
        assertThat(lines.get(1)).contains("Settled,9.993,0.120,9.873,TND");
        assertThat(lines.get(2)).contains("Settled,200.00,2.40,197.60,USD");
        assertThat(lines.get(3)).contains("Settled,-30.000,0.360,-30.360,TND");
        assertThat(lines.get(4).substring(2)).isEqualTo(lines.get(5).substring(2));
        assertThat(lines.get(8)).contains("sim_unknown", "Settled,1.234,0.000,1.234,TND");
        upload(finance, made, "processor", "content")
                .statusCode(201)
                .body("lineCount", equalTo(10));
        upload(finance, made, "bank", "content").statusCode(201);

        var next = settle("TND", List.of());
        assertThat(next.getString("items[0].processor.content"))
                .contains(charges.get(6))
                .doesNotContain(charges.get(5));
    }

    @Test
    void filesThatAreNoGoodAreRefusedAndTheCorrectedOnesAreNot() {
        var finance = TestOperator.with(Role.FINANCE);
        charge("LYD", 10_000);
        var off =
                settle(
                        "LYD",
                        List.of(
                                Map.of("kind", "BATCH_TOTAL_WRONG", "minor", 1),
                                Map.of("kind", "BALANCE_GAP")));
        upload(finance, off, "processor", "content")
                .statusCode(422)
                .body("fault", equalTo("BATCH_TOTAL"));
        upload(finance, off, "processor", "corrected").statusCode(201);
        upload(finance, off, "bank", "corrected").statusCode(201);
        upload(finance, off, "bank", "content")
                .statusCode(422)
                .body("fault", equalTo("BALANCE_GAP"));

        charge("LYD", 10_001);
        var cut =
                settle(
                        "LYD",
                        List.of(
                                Map.of("kind", "TRUNCATED_FILE"),
                                Map.of("kind", "TRUNCATED_STATEMENT")));
        for (var file : List.of("processor", "bank")) {
            upload(finance, cut, file, "content")
                    .statusCode(422)
                    .body("fault", equalTo("UNPARSEABLE"));
            upload(finance, cut, file, "corrected").statusCode(201);
        }
    }

    @Test
    void faultsNeedSomethingToBefallAndThenNothingIsSettled() {
        generate("OMR", List.of(Map.of("kind", "AMOUNT_OFF"))).statusCode(400);
        charge("OMR", 10_000);
        generate("OMR", List.of(Map.of("kind", "AMOUNT_OFF"), Map.of("kind", "MISSING_LINE")))
                .statusCode(400)
                .body("errors[0].pointer", equalTo("/faults"));
        generate("OMR", List.of(Map.of("kind", "NONSENSE"))).statusCode(400);
        settle("OMR", List.of());
    }
}
