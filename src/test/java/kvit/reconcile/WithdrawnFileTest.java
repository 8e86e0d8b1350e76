package kvit.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import kvit.money.Currency;
import kvit.reconcile.Office.Desk;
import kvit.support.Http;
import kvit.support.KvitTest;
import kvit.support.Race;
import org.junit.jupiter.api.Test;

/** Withdrawing a file, and what a run does with it. */
@KvitTest
class WithdrawnFileTest {

    @Inject Office office;

    private static String csv(Desk desk, UUID charge) {
        return desk.csv(
                desk.today(),
                "42",
                List.of("psp1,%s,Settled,100.00,0.00,100.00".formatted(charge)),
                "-100.00");
    }

    private static ValidatableResponse withdraw(Desk desk, String file) {
        return desk.finance.post(
                "/v1/admin/settlement-files/" + file + "/withdrawal",
                Map.of("reason", "It is another merchant's."));
    }

    @Test
    void whatARunHasPostedStaysAndTheRunIsNamed() {
        var desk = office.open(Currency.ERN);
        var file = desk.taken(csv(desk, desk.topUp(UUID.randomUUID(), 100_00)));
        String asked = withdraw(desk, file).statusCode(202).extract().path("id");
        var run = desk.posted(file);

        desk.approver
                .approve(asked)
                .statusCode(422)
                .body("code", equalTo("settlement-file-posted"))
                .body("runId", equalTo(run));
        withdraw(desk, file).statusCode(422).body("runId", equalTo(run));
        desk.finance.get("/v1/admin/settlement-files/" + file).body("state", equalTo("validated"));
    }

    @Test
    void whatIsWithdrawnIsPostedByNoPlanOfBefore() {
        var desk = office.open(Currency.ETB);
        var file = desk.taken(csv(desk, desk.topUp(UUID.randomUUID(), 100_00)));
        var run = desk.planned(file);
        var submitted = desk.submitted(run);
        desk.approved(withdraw(desk, file));

        desk.approver.approve(submitted).statusCode(409);
        desk.run(true, file).statusCode(422).body("code", equalTo("file-not-usable"));
        assertThat(desk.breaks("")).isEmpty();
        desk.assertInPlace();
    }

    /** Two approvers in the same moment, one of the run and one of the withdrawal. */
    @Test
    void ofPostingAndWithdrawingAtOnceOneHappens() throws Exception {
        var desk = office.open(Currency.GIP);
        var file = desk.taken(csv(desk, desk.topUp(UUID.randomUUID(), 100_00)));
        var submitted = desk.submitted(desk.planned(file));
        String asked = withdraw(desk, file).statusCode(202).extract().path("id");
        List<Callable<Integer>> both =
                List.of(() -> approve(desk, submitted), () -> approve(desk, asked));

        var answers = Race.run(2, both);

        // Whoever comes second is told why, and not that something is wrong with us.
        assertThat(answers).isIn(List.of(200, 422), List.of(409, 200));
        desk.assertInPlace();
    }

    private static int approve(Desk desk, String request) throws Exception {
        return Http.post(
                        desk.approver.token(),
                        "/v1/admin/approvals/" + request + "/approval",
                        null,
                        "{}")
                .statusCode();
    }
}
