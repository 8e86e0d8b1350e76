package kvit.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.List;
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
        var anna = russian();
        var boris = russian();
        anna.fund(300_000_00, "RUB");
        for (var i = 0; i < 4; i++) {
            anna.send(boris, 10_000_00, "RUB", "within-" + i).statusCode(201);
        }
        anna.get("/v1/me").body("tier", equalTo("phone"));
        refused(anna.send(boris, 1, "RUB", "beyond"), 40_000_00);

        verify(anna, CustomerTier.VERIFIED);
        verify(boris, CustomerTier.VERIFIED);

        anna.get("/v1/me").body("tier", equalTo("verified"));
        for (var i = 0; i < 4; i++) {
            anna.send(boris, 40_000_00, "RUB", "verified-" + i).statusCode(201);
        }
        refused(anna.send(boris, 1, "RUB", "beyond that"), 200_000_00);
        assertThat(
                        Sql.<String>column(
                                "select distinct ruling -> 'payer' ->> 'tier' from transfer"
                                        + " where payer = ? order by 1",
                                anna.id()))
                .containsExactly("PHONE", "VERIFIED");

        verify(anna, CustomerTier.PHONE);
        refused(anna.send(boris, 1, "RUB", "not any longer"), 40_000_00);
    }

    /** Documents were of somebody of that age in that country. */
    @Test
    void whoMovesOrGrowsOlderIsVerifiedAnew() {
        for (var change : List.of(Map.of("country", "FR"), Map.of("birthDate", "1990-05-05"))) {
            var anna = icelander();
            verify(anna, CustomerTier.VERIFIED);
            patch(anna, Map.of("country", "IS", "locale", "fr"));
            anna.get("/v1/me").body("tier", equalTo("verified"));
            patch(anna, change);
            anna.get("/v1/me").body("tier", equalTo("phone"));
        }
    }

    private static void patch(TestPerson person, Map<String, String> change) {
        person.request()
                .contentType(ContentType.JSON)
                .body(change)
                .patch("/v1/me")
                .then()
                .statusCode(200);
    }

    private static TestPerson icelander() {
        return of("IS");
    }

    /** Whom nobody asks to confirm anything, whatever they send. */
    private static TestPerson russian() {
        return of("RU");
    }

    private static TestPerson of(String country) {
        var person = TestPerson.fresh();
        patch(person, Map.of("country", country));
        return person;
    }

    private static void refused(ValidatableResponse answer, int limit) {
        answer.statusCode(422)
                .body("code", equalTo("limit-exceeded"))
                .body("limit.minor", equalTo(limit));
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
