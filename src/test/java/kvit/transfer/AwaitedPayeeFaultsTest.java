package kvit.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import kvit.card.SimulatedCard;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.operate.Role;
import kvit.outbox.DeliveryFailed;
import kvit.source.Ids;
import kvit.support.ArrivalRules;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.Sql;
import kvit.support.TestOperator;
import kvit.topup.Till;
import org.junit.jupiter.api.Test;

/** Money for people who are not here, where one of many cannot go on, or somebody was quicker. */
@KvitTest
class AwaitedPayeeFaultsTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @Inject Claims claims;
    @Inject Waiting waiting;
    @Inject Till till;
    @Inject AwaitedPayees awaitedPayees;
    @Inject TellAwaitedPayee tellAwaitedPayee;
    @Inject Ids ids;

    @Test
    void oneThatCannotBeClaimedKeepsNoOthers() throws Exception {
        var anna = claims.somebody("US", Currency.USD, 3_00);
        var phone = Phones.next();
        var sent = sent(anna, phone);
        Claims.awaitTold(anna.id(), 3);
        var boris = claims.somebody("US", phone, usd(0));
        try (var stuck = new Stuck(sent.get(0))) {
            assertThat(stuck).isNotNull();
            assertThatThrownBy(() -> awaitedPayees.deliver(new PayeeArrived(boris.id())))
                    .isInstanceOf(DeliveryFailed.class)
                    .hasMessageContaining("1 are left");
        }
        assertThat(sent.stream().map(waiting::state))
                .containsExactly(
                        TransferState.UNCLAIMED, TransferState.COMPLETED, TransferState.COMPLETED);

        // Which is delivered again.
        awaitedPayees.deliver(new PayeeArrived(boris.id()));

        assertThat(claims.balance(boris.id(), Currency.USD)).isEqualTo(3_00);
    }

    @Test
    void oneThatCannotExpireKeepsNoOthers() {
        var anna = claims.somebody("US", Currency.USD, 3_00);
        var sent = sent(anna, Phones.next());
        try (var stuck = new Stuck(sent.get(1))) {
            assertThat(stuck).isNotNull();
            sent.forEach(Claims::end);

            sweepUntil(sent, "EXPIRED", "UNCLAIMED", "EXPIRED");

            assertThat(claims.available(anna.id(), Currency.USD)).isEqualTo(2_00);
        }
        sweepUntil(sent, "EXPIRED", "EXPIRED", "EXPIRED");

        assertThat(claims.available(anna.id(), Currency.USD)).isEqualTo(3_00);
    }

    /** What the service's own sweep is at in this moment is left to that. */
    private void sweepUntil(List<UUID> transfers, String... states) {
        await().atMost(SOON)
                .until(
                        () -> {
                            waiting.sweep();
                            return transfers.stream().map(it -> waiting.state(it).name()).toList();
                        },
                        List.of(states)::equals);
    }

    /** The message is about to be sent, and meanwhile they have what it would ask them to do. */
    @Test
    void whoHasTheirCardBeforeTheMessageIsPaidAndNotAskedForOne() throws Exception {
        claims.awaitArrivalRules();
        var anna = claims.somebody(ArrivalRules.COUNTRY, Currency.EUR, 5_00);
        var boris = claims.cardholder(ArrivalRules.COUNTRY, Currency.EUR, 0);
        var transfer = claims.send(anna.id(), boris.phone(), new Money(5_00, Currency.EUR));
        assertThat(transfer.state()).isEqualTo(TransferState.UNCLAIMED);
        Claims.awaitTold(anna.id(), 1);
        var told = Claims.messages(boris.phone());
        till.card(boris.id(), SimulatedCard.WORKS);

        tellAwaitedPayee.deliver((TransferAwaitsPayee) TransferEvents.of(transfer));

        assertThat(waiting.state(transfer.id())).isEqualTo(TransferState.COMPLETED);
        assertThat(Claims.messages(boris.phone())).isEqualTo(told);
    }

    @Test
    void whatIsOverBeforeTheMessageIsNotToldToAnybody() throws Exception {
        var anna = claims.somebody("US", Currency.USD, 3_00);
        var phone = Phones.next();
        var transfer = claims.send(anna.id(), phone, usd(1_00));
        Claims.awaitTold(anna.id(), 1);
        var told = Claims.messages(phone);
        assertThat(waiting.cancel(anna, transfer.id(), "c").isProblem()).isFalse();

        tellAwaitedPayee.deliver((TransferAwaitsPayee) TransferEvents.of(transfer));

        assertThat(Claims.messages(phone)).isEqualTo(told);
    }

    /** To this payer nobody has that phone; what has gone back would tell that somebody does. */
    @Test
    void whoIsNotThereForThePayerIsNotToldThatItHasGoneBack() {
        var anna = claims.somebody("US", Currency.USD, 3_00);
        var phone = Phones.next();
        var id = claims.send(anna.id(), phone, usd(1_00)).id();
        Claims.awaitTold(anna.id(), 1);
        var boris = claims.somebody("US", phone, usd(0));
        assertThat(waiting.cancel(anna, id, "c").isProblem()).isFalse();
        assertThat(claims.refusal(boris.id(), id)).isEqualTo("transfer-gone-back");

        block(anna.id(), boris.id());

        assertThat(claims.refusal(boris.id(), id)).isEqualTo("transfer-not-found");
    }

    /**
     * Whoever asks the support about a number may be nobody's, and what was sent to it is there.
     */
    @Test
    void operatorsFindWhatWasSentToANumberAndThatIsRecorded() {
        var anna = claims.somebody("US", Currency.USD, 3_00);
        var phone = Phones.next();
        var sent = sent(anna, phone);
        assertThat(waiting.cancel(anna, sent.get(0), "c").isProblem()).isFalse();
        var support = TestOperator.with(Role.SUPPORT);

        assertThat(found(support, phone.substring(0, 5) + " " + phone.substring(5), null))
                .containsExactly(sent.get(2), sent.get(1), sent.get(0));
        assertThat(found(support, phone, "pending")).containsExactly(sent.get(2), sent.get(1));
        assertThat(found(support, Phones.next(), null)).isEmpty();
        support.request()
                .queryParam("phone", "12")
                .get("/v1/admin/transfers")
                .then()
                .statusCode(422)
                .body("code", equalTo("phone-invalid"));
        assertThat(
                        Sql.<String>column(
                                "select action || ': ' || reason from audit where resource = ?",
                                anna.id().toString()))
                .containsOnly("transfers.search: Looked up by phone.")
                .hasSize(2);
    }

    private static List<UUID> found(TestOperator operator, String phone, String state) {
        var request = operator.request().queryParam("phone", phone);
        if (state != null) {
            request.queryParam("state", state);
        }
        return request
                .get("/v1/admin/transfers")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("items.id", String.class)
                .stream()
                .map(UUID::fromString)
                .toList();
    }

    private List<UUID> sent(Waiting.Somebody payer, String phone) {
        var sent = new ArrayList<UUID>();
        for (var i = 0; i < 3; i++) {
            sent.add(claims.send(payer.id(), phone, usd(1_00)).id());
        }
        return sent;
    }

    private void block(UUID blocker, UUID blocked) {
        Sql.run(
                "insert into block (blocker, blocked, id, since) values (?, ?, ?, now())",
                blocker,
                blocked,
                ids.next());
        Sql.run("update customer set blocks_somebody = true where id = ?", blocker);
    }

    private static Money usd(long minor) {
        return new Money(minor, Currency.USD);
    }

    /** A transfer that nobody can change for a while, whatever the reason would be. */
    private static final class Stuck implements AutoCloseable {

        Stuck(UUID transfer) {
            Sql.run(
                    """
                    create or replace function stuck() returns trigger language plpgsql as $$
                    begin
                        if new.state is distinct from old.state then
                            raise exception 'this one is stuck';
                        end if;
                        return new;
                    end
                    $$
                    """);
            Sql.run(
                    "create trigger stuck before update on transfer for each row when (old.id = '"
                            + transfer
                            + "') execute function stuck()");
        }

        @Override
        public void close() {
            Sql.run("drop trigger stuck on transfer");
            Sql.run("drop function stuck()");
        }
    }
}
