package kvit.request;

import static kvit.support.TestPerson.money;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import kvit.identity.ClientApp;
import kvit.ledger.Ledger;
import kvit.problem.Problem;
import kvit.support.Http;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import kvit.support.TestPerson;
import org.junit.jupiter.api.Test;

/** A hundred at one share at the same time: one of them wins, and the money moves once. */
@KvitTest
class RequestRaceTest {

    /** 2 by default; 100 and more by -Dkvit.request.rounds=100. */
    private static final int ROUNDS = Integer.getInteger("kvit.request.rounds", 2);

    private static final ClientApp WEB = new ClientApp("web", "The web", "web", "US", Set.of());

    @Inject PayShare payShare;
    @Inject DeclineShare declineShare;
    @Inject CancelRequest cancelRequest;
    @Inject DivideShare divideShare;
    @Inject RequestStore store;
    @Inject Ledger ledger;

    /** Paying under many keys, declining and cancelling: what one is told is what it is. */
    @Test
    void ofPaymentsDeclinesAndCancellationsExactlyOneWins() throws Exception {
        var ends = new HashMap<ShareState, Integer>();
        for (var round = 0; round < ROUNDS; round++) {
            // Of the same ones the sixth payment would have to be confirmed.
            var anna = Bill.person(0);
            var boris = Bill.person(10_00);
            var bill = Bill.of(10_00, anna, boris);
            var won = Race.run(100, contenders(bill));

            var state = share(bill).state();
            ends.merge(state, 1, Integer::sum);
            assertThat(won)
                    .filteredOn(it -> it != null)
                    .as("%s in round %d", state, round)
                    .isNotEmpty()
                    .allMatch(it -> it == state);
            assertThat(won)
                    .filteredOn(it -> it == ShareState.PAID)
                    .hasSize(state == ShareState.PAID ? 1 : 0);
            var moved = state == ShareState.PAID ? 10_00 : 0;
            assertThat(anna.balance("EUR")).isEqualTo(moved);
            assertThat(moving(bill)).isEqualTo(state == ShareState.PAID ? 1 : 0);
        }
        System.out.println("RequestRaceTest: " + ends);
        assertThat(ledger.books().findings()).isEmpty();
    }

    private List<Callable<ShareState>> contenders(Bill bill) {
        var id = UUID.fromString(bill.id());
        var share = UUID.fromString(bill.shares().get(0));
        var payer = bill.payers().get(0).id();
        var contenders = new ArrayList<Callable<ShareState>>();
        for (var i = 0; i < 34; i++) {
            var key = bill.id() + i;
            contenders.add(() -> paid(payer, key, id, share));
            contenders.add(
                    () -> told(() -> declineShare.decline(payer, id, share), ShareState.DECLINED));
            contenders.add(
                    () ->
                            told(
                                    () -> cancelRequest.cancel(bill.asker().id(), id),
                                    ShareState.CANCELLED));
        }
        // Not always the same one first at the line.
        Collections.rotate(contenders, id.hashCode() % 3);
        return contenders.subList(0, 100);
    }

    /** Null where it was refused, and of a cancellation that came too late for this share. */
    private static ShareState told(Callable<Request> doing, ShareState wanted) throws Exception {
        try {
            var state = doing.call().asked().get(0).state();
            return state == wanted ? wanted : null;
        } catch (Problem e) {
            return null;
        }
    }

    private ShareState paid(UUID payer, String key, UUID id, UUID share) {
        var answer =
                payShare.pay(payer, WEB, key, id, share, new PayShare.Order(null, null))
                        .toCompletableFuture()
                        .join();
        return answer.status() == 201 ? ShareState.PAID : null;
    }

    private static long moving(Bill bill) {
        return Sql.value(
                """
                select count(*) from transfer
                 where share = ? and state not in ('DECLINED', 'CANCELLED', 'EXPIRED')
                """,
                UUID.fromString(bill.shares().get(0)));
    }

    /** What waits for its code, while its payer takes it back and the request is stopped. */
    @Test
    void aShareThatIsBeingPaidFollowsItsTransfer() throws Exception {
        var ends = new HashMap<ShareState, Integer>();
        for (var round = 0; round < ROUNDS; round++) {
            var anna = Bill.person(0);
            var boris = Bill.person(40_00);
            var bill = Bill.of(40_00, anna, boris);
            var transfer = bill.pay(0).statusCode(201).extract().<String>path("id");
            var code = TestPerson.codeOf(boris.phone());
            var path = "/v1/transfers/" + transfer;
            var tasks = new ArrayList<Callable<Integer>>();
            for (var i = 0; i < 10; i++) {
                var key = "back" + i;
                tasks.add(
                        () ->
                                Http.post(
                                                boris,
                                                path + "/confirmation",
                                                null,
                                                "{\"code\":\"" + code + "\"}")
                                        .statusCode());
                tasks.add(() -> Http.post(boris, path + "/cancellation", key, "{}").statusCode());
                tasks.add(
                        () ->
                                Http.post(
                                                anna,
                                                "/v1/requests/" + bill.id() + "/cancellation",
                                                null,
                                                "{}")
                                        .statusCode());
            }
            Race.run(30, tasks);

            var state = share(bill).state();
            ends.merge(state, 1, Integer::sum);
            var isPaid = state == ShareState.PAID;
            assertThat(state).isIn(ShareState.PAID, ShareState.CANCELLED);
            var became =
                    Sql.<String>value(
                            "select state from transfer where id = ?", UUID.fromString(transfer));
            assertThat(became).isEqualTo(isPaid ? "COMPLETED" : "CANCELLED");
            assertThat(anna.balance("EUR")).isEqualTo(isPaid ? 40_00 : 0);
            assertThat(boris.balance("EUR")).isEqualTo(isPaid ? 0 : 40_00);
        }
        System.out.println("RequestRaceTest: " + ends);
        assertThat(ledger.books().findings()).isEmpty();
    }

    /** Three pay while a fourth one's share is divided among them: together it is all of it. */
    @Test
    void dividesAShareWhileOthersPayAndLosesNoCent() throws Exception {
        for (var round = 0; round < ROUNDS; round++) {
            var anna = Bill.person(0);
            var payers = Bill.people(4, 100_00);
            var amount = Map.<String, Object>of("amount", money(20_01, "EUR"));
            var bill = Bill.of(amount, anna, payers);
            bill.decline(3).statusCode(200);
            var id = UUID.fromString(bill.id());
            var tasks = new ArrayList<Callable<ShareState>>();
            for (var i = 0; i < 24; i++) {
                var payer = i % 3;
                var key = bill.id() + i;
                var share = UUID.fromString(bill.shares().get(payer));
                tasks.add(() -> paid(payers.get(payer).id(), key, id, share));
                if (i % 4 == 0) {
                    var declined = UUID.fromString(bill.shares().get(3));
                    tasks.add(
                            () ->
                                    told(
                                            () -> divideShare.divide(anna.id(), id, declined, true),
                                            ShareState.DIVIDED));
                }
            }
            Race.run(30, tasks);

            var request = store.find(id).orElseThrow();
            var all =
                    request.sum(
                            ShareState.OPEN, ShareState.PAYING, ShareState.PAID, ShareState.OWN);
            assertThat(request.in(ShareState.DIVIDED)).hasSize(1);
            assertThat(all.minor()).isEqualTo(20_01);
            var moved =
                    Sql.<BigDecimal>value(
                            """
                            select coalesce(sum(minor), 0) from transfer
                             where request = ? and state = 'COMPLETED'
                            """,
                            id);
            assertThat(request.sum(ShareState.PAID).minor()).isEqualTo(moved.longValue());
        }
        assertThat(ledger.books().findings()).isEmpty();
    }

    private Share share(Bill bill) {
        return store.find(UUID.fromString(bill.id())).orElseThrow().asked().get(0);
    }
}
