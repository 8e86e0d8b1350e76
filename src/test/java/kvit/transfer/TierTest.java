package kvit.transfer;

import static kvit.support.TestPerson.money;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import kvit.identity.CustomerTier;
import kvit.identity.VerifyCustomer;
import kvit.problem.Problem;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestPerson;
import org.junit.jupiter.api.Test;

/** How well we know a customer, and what it changes for them. */
@KvitTest
class TierTest {

    @Inject VerifyCustomer verify;

    @Test
    void aVerifiedCustomerHasOtherLimitsAndIsToldSo() {
        limitTheVerifiedOfIceland();
        var anna = icelander();
        var boris = icelander();
        anna.fund(2_000_00, "EUR");
        for (var i = 0; i < 3; i++) {
            anna.send(boris, 500_00, "EUR", "within-" + i).statusCode(201);
        }
        anna.get("/v1/me").body("tier", equalTo("phone"));
        refused(anna.send(boris, 1, "EUR", "beyond"), 1_500_00);

        verify(anna, CustomerTier.VERIFIED);
        verify(boris, CustomerTier.VERIFIED);

        anna.get("/v1/me").body("tier", equalTo("verified"));
        await().atMost(Duration.ofSeconds(5))
                .until(() -> quote(anna, boris).extract().path("problem") == null);
        anna.send(boris, 100_00, "EUR", "verified").statusCode(201);
        refused(anna.send(boris, 1, "EUR", "beyond that"), 1_600_00);
        assertThat(
                        Sql.<String>column(
                                "select ruling -> 'payer' ->> 'tier' from transfer"
                                        + " where payer = ? order by id",
                                anna.id()))
                .containsExactly("PHONE", "PHONE", "PHONE", "PHONE", "VERIFIED", "VERIFIED");

        verify(anna, CustomerTier.PHONE);
        refused(anna.send(boris, 1, "EUR", "not any longer"), 1_500_00);
    }

    /** As an operator does it: 1,600.00 EUR in 30 days, where a phone alone may move 1,500.00. */
    private static void limitTheVerifiedOfIceland() {
        Sql.run(
                "insert into rule_set values ((select max(version) + 1 from rule_set), "
                        + "'2026-01-01 00:00:00 UTC', 'a test', 'eve', 'adam')");
        Sql.run(
                """
                insert into rule (id, version, kind, subject, condition, effect, valid_from, zone,
                                  legal_reference, text_en, text_fr, text_ru, recorded_in)
                select 'limit/test/IS/' || operation, 1, 'LIMIT',
                       jsonb_build_object('countries', jsonb_build_array('IS'),
                                          'currencies', jsonb_build_array('EUR'),
                                          'operations', jsonb_build_array(operation),
                                          'tiers', jsonb_build_array('VERIFIED')),
                       '{"window": "PT720H", "max": 160000}', 'DENY',
                       '2020-01-01 00:00:00 UTC', 'UTC', 'a test', 'No.', 'Non.', 'Нет.',
                       (select max(version) from rule_set)
                  from unnest(array['SEND', 'RECEIVE']) operation
                """);
    }

    private static TestPerson icelander() {
        var person = TestPerson.fresh();
        person.request()
                .contentType(ContentType.JSON)
                .body(Map.of("country", "IS"))
                .patch("/v1/me")
                .then()
                .statusCode(200);
        return person;
    }

    private static void refused(ValidatableResponse answer, int limit) {
        answer.statusCode(422)
                .body("code", equalTo("limit-exceeded"))
                .body("limit.minor", equalTo(limit));
    }

    private static ValidatableResponse quote(TestPerson payer, TestPerson payee) {
        return payer.request()
                .contentType(ContentType.JSON)
                .body(Map.of("payee", Map.of("customerId", payee.id()), "amount", money(1, "EUR")))
                .post("/v1/quotes")
                .then();
    }

    @Test
    void onlyCustomersAreVerified() {
        assertThatThrownBy(
                        () ->
                                verify.verify(
                                        new VerifyCustomer.Verification(
                                                UUID.randomUUID(), CustomerTier.VERIFIED)))
                .extracting(it -> ((Problem) it).type().code())
                .isEqualTo("customer-not-found");
        assertThatThrownBy(() -> new VerifyCustomer.Verification(null, CustomerTier.VERIFIED))
                .hasMessageStartingWith("/customer ");
        assertThatThrownBy(() -> new VerifyCustomer.Verification(UUID.randomUUID(), null))
                .hasMessageStartingWith("/tier ");
    }

    private void verify(TestPerson person, CustomerTier tier) {
        verify.verify(new VerifyCustomer.Verification(person.id(), tier));
    }
}
