package kvit.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;

import com.standardwebhooks.Webhook;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import kvit.card.CardProcessor;
import kvit.card.Desk;
import kvit.card.SimulatedCard;
import kvit.identity.ClientApps;
import kvit.operate.Role;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.Sql;
import kvit.support.TestClock;
import kvit.support.TestOperator;
import kvit.support.TestPerson;
import kvit.topup.Till;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@KvitTest
class WebhookTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String PATH = "/v1/admin/webhook-endpoints/";

    /** Admin and approver; they outlive no leap of the clock, so each use signs in. */
    private static TestOperator admin() {
        return TestOperator.with(Role.ADMIN);
    }

    private static TestOperator approver() {
        return TestOperator.with(Role.APPROVER);
    }

    @Inject EndpointStore endpoints;
    @Inject LaneStore lanes;
    @Inject DeliveryStore deliveries;
    @Inject ClientApps clients;
    @Inject SpreadNotices spreadNotices;
    @Inject Drain drain;
    @Inject WebhookConfig config;
    @Inject Till till;
    @Inject CardProcessor processor;
    @Inject Clock clock;
    @Inject Ids ids;
    @Inject DataSource source;
    @Inject MeterRegistry metrics;

    private final List<Receiver> receivers = new ArrayList<>();
    private final List<String> registered = new ArrayList<>();

    /** A front end with one endpoint. */
    private record Hook(String client, String id, String secret) {}

    @AfterEach
    void leaveNothingBehind() {
        registered.forEach(
                it ->
                        Sql.run(
                                "update webhook_endpoint set state = 'DISABLED',"
                                        + " disabled_because = 'OPERATOR' where id = ?::uuid"
                                        + " and state = 'ACTIVE'",
                                it));
        receivers.forEach(Receiver::close);
    }

    @Test
    void aFrontEndHearsOfItsCustomersInTheirOrderAndOfNobodyElse() throws Exception {
        var receiver = receiver(204);
        var hook = hook(receiver);
        var anna = known(hook, 10_000);
        var ben = known(hook, 0);
        var stranger = TestPerson.with(10_000, "USD");

        for (var minor = 1; minor <= 8; minor++) {
            anna.send(ben, minor, "USD", "k" + minor).statusCode(201);
        }
        stranger.send(ben, 9, "USD", "k9").statusCode(201);
        stranger.send(TestPerson.fresh(), 10, "USD", "k10").statusCode(201);

        await().atMost(SOON).untilAsserted(() -> assertThat(amounts(receiver, ben)).hasSize(9));
        await().atMost(SOON).untilAsserted(() -> assertThat(amounts(receiver, anna)).hasSize(8));
        assertThat(amounts(receiver, anna)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(amounts(receiver, ben)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(receiver.receivedByCustomer().keySet())
                .containsExactlyInAnyOrder(anna.id().toString(), ben.id().toString());
        for (var message : receiver.messages()) {
            verify(hook.secret(), message);
            assertThat(message.headers().get("Content-type")).containsExactly("application/json");
        }
        // What has arrived is written down a moment later.
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(state(hook, "DELIVERED")).isEqualTo(state(hook, null)));
    }

    @Test
    void whatWasRolledBackIsToldToNobody() throws Exception {
        var receiver = receiver(204);
        var hook = hook(receiver);
        var anna = known(hook, 10_000);
        var ben = known(hook, 0);

        Sql.run("alter table transfer add constraint not_seven check (minor <> 7) not valid");
        try {
            anna.send(ben, 7, "USD", "rolled-back").statusCode(greaterThanOrEqualTo(500));
        } finally {
            Sql.run("alter table transfer drop constraint not_seven");
        }
        anna.send(ben, 8, "USD", "committed").statusCode(201);

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(amounts(receiver, ben)).containsExactly(8));
        assertThat(amounts(receiver, anna)).doesNotContain(7);
    }

    @Test
    void onlyTypesThatWereAskedForAreSent() throws Exception {
        var receiver = receiver(200);
        var hook = hook(receiver, List.of("transfer.declined"));
        var anna = known(hook, 100);
        var ben = known(hook, 0);

        anna.send(ben, 50, "USD", "goes").statusCode(201);
        anna.send(ben, 5_000, "USD", "declined").statusCode(422);

        await().atMost(SOON).until(() -> receiver.received().size() == 1);
        assertThat(receiver.received().get(0).type()).isEqualTo("transfer.declined");
        assertThat(receiver.received().get(0).customer()).isEqualTo(anna.id().toString());
    }

    /** Whoever is in trouble keeps only their own customers' news waiting. */
    @Test
    void oneThatFailsHangsOrRedirectsHoldsUpNobodyElse() throws Exception {
        var healthy = receiver(200);
        var inside = receiver(200);
        var redirecting = receiver(302).withHeaders(Map.of("Location", inside.url()));
        var hook = hook(healthy);
        var others =
                List.of(
                        hook(hook.client(), receiver(500)),
                        hook(hook.client(), receiver(Receiver.NEVER)),
                        hook(hook.client(), redirecting));
        var anna = known(hook, 10_000);
        var ben = known(hook, 0);

        for (var minor = 1; minor <= 30; minor++) {
            anna.send(ben, minor, "USD", "k" + minor).statusCode(201);
        }

        await().atMost(SOON)
                .untilAsserted(
                        () -> {
                            assertThat(amounts(healthy, anna)).hasSize(30).isSorted();
                            assertThat(amounts(healthy, ben)).hasSize(30).isSorted();
                        });
        await().atMost(SOON).until(() -> !redirecting.messages().isEmpty());
        assertThat(inside.messages()).isEmpty();
        for (var other : others) {
            assertThat(state(other, "DELIVERED")).isZero();
            // Of each of the two customers the first one was tried, and nothing behind it.
            assertThat(
                            Sql.<Long>value(
                                    "select count(*) from webhook_delivery where endpoint = ?::uuid"
                                            + " and attempts > 0",
                                    other.id()))
                    .isLessThanOrEqualTo(2);
        }
    }

    @Test
    void whatFailsIsTriedAgainAndOneCustomersOrderIsKept() throws Exception {
        var receiver = receiver(500);
        var hook = hook(receiver);
        var anna = known(hook, 10_000);
        var ben = TestPerson.fresh();

        for (var minor = 1; minor <= 5; minor++) {
            anna.send(ben, minor, "USD", "k" + minor).statusCode(201);
        }
        await().atMost(SOON).until(() -> !receiver.messages().isEmpty());
        var first = receiver.messages().get(0);
        receiver.behave(it -> 200);
        TestClock.advance(Duration.ofMinutes(10));

        await().atMost(SOON).untilAsserted(() -> assertThat(amounts(receiver, anna)).hasSize(5));
        assertThat(amounts(receiver, anna)).containsExactly(1, 2, 3, 4, 5);
        var again = receiver.received().get(0);
        assertThat(again.id()).isEqualTo(first.id());
        assertThat(again.text()).isEqualTo(first.text());
        var told = delivery(hook, first.id());
        assertThat(told.<String>get("state")).isEqualTo("delivered");
        assertThat(told.getList("failedAttempts")).isNotEmpty();
        assertThat(told.<Integer>get("failedAttempts[0].status")).isEqualTo(500);
    }

    @Test
    void oneThatIsGivenUpLetsTheNextGoOnAndIsSentAgainOnDemand() throws Exception {
        var receiver = new Receiver(it -> isOf(it, 1) ? 400 : 200);
        receivers.add(receiver);
        var hook = hook(receiver);
        var anna = known(hook, 10_000);

        anna.send(TestPerson.fresh(), 1, "USD", "bad").statusCode(201);
        anna.send(TestPerson.fresh(), 2, "USD", "good").statusCode(201);
        for (var attempts = 1; attempts <= 10; attempts++) {
            var made = attempts;
            await().atMost(SOON).until(() -> tried(hook) >= made);
            if (attempts < 10) {
                assertThat(receiver.received()).isEmpty();
                TestClock.advance(Duration.ofHours(29));
                // Somebody else's endpoint would be failing for days by now, and so is this one.
                Sql.run(
                        "update webhook_endpoint set failures = 0, failing_since = null,"
                                + " quiet_until = null where id = ?::uuid",
                        hook.id());
            }
        }

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(amounts(receiver, anna)).containsExactly(2));
        assertThat(state(hook, "DEAD")).isEqualTo(1);
        receiver.behave(it -> 200);
        var dead =
                TestOperator.with(Role.SUPPORT)
                        .get(PATH + hook.id() + "/deliveries?state=dead")
                        .statusCode(200)
                        .extract()
                        .<String>path("items[0].id");
        TestOperator.with(Role.SUPPORT)
                .post(
                        PATH + hook.id() + "/replays",
                        Map.of("deliveryId", dead, "reason", "They have mended it."))
                .statusCode(200);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(amounts(receiver, anna)).containsExactly(2, 1));
        assertThat(
                        Sql.<Long>column(
                                "select count(*) from webhook_lane l where pending <> (select"
                                        + " count(*) from webhook_delivery d where d.endpoint ="
                                        + " l.endpoint and d.customer = l.customer and d.state ="
                                        + " 'PENDING') and endpoint = ?::uuid",
                                hook.id()))
                .containsExactly(0L);
    }

    @Test
    void oneThatIsGoneIsDisabledAndGoesOnWhereItWasWhenTwoAgree() throws Exception {
        var receiver = receiver(410);
        var hook = hook(receiver);
        var anna = known(hook, 10_000);

        anna.send(TestPerson.fresh(), 1, "USD", "k1").statusCode(201);
        await().atMost(SOON).until(() -> !endpoint(hook).isActive());
        assertThat(endpoint(hook).disabledBecause()).isEqualTo(DisabledBecause.GONE);
        assertThat(
                        Sql.<Long>value(
                                "select count(*) from audit where resource = ? and who = 'kvit'"
                                        + " and action = 'webhooks.disable'",
                                hook.id()))
                .isEqualTo(1);
        anna.send(TestPerson.fresh(), 2, "USD", "k2").statusCode(201);
        receiver.behave(it -> 200);
        approve(
                admin().request()
                        .body(Map.of("state", "active", "reason", "It is back."))
                        .patch(PATH + hook.id())
                        .then()
                        .statusCode(202)
                        .extract()
                        .path("id"));
        TestClock.advance(Duration.ofMinutes(1));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(amounts(receiver, anna)).containsExactly(1, 2));
    }

    @Test
    void oneAtWhichNothingArrivesForDaysIsDisabled() throws Exception {
        var receiver = receiver(500);
        var hook = hook(receiver);
        var anna = known(hook, 10_000);

        anna.send(TestPerson.fresh(), 1, "USD", "k1").statusCode(201);
        await().atMost(SOON).until(() -> endpoint(hook).failingSince() != null);
        TestClock.advance(Duration.ofDays(5).plusHours(1));

        await().atMost(SOON)
                .until(() -> endpoint(hook).disabledBecause() == DisabledBecause.FAILING);
    }

    @Test
    void oneThatAsksForPatienceIsLeftAloneUntilThen() throws Exception {
        var receiver = receiver(429).withHeaders(Map.of("Retry-After", "1800"));
        var hook = hook(receiver);
        var anna = known(hook, 10_000);
        var ben = known(hook, 10_000);

        anna.send(ben, 1, "USD", "k1").statusCode(201);
        await().atMost(SOON).until(() -> !receiver.messages().isEmpty());
        // Of the two customers' some may have been on their way together, and nothing after that.
        await().atMost(SOON).until(() -> endpoint(hook).quietUntil() != null);
        var heard = receiver.messages().size();
        var quietUntil = endpoint(hook).quietUntil();
        assertThat(Duration.between(clock.instant(), quietUntil))
                .isBetween(Duration.ofMinutes(29), Duration.ofMinutes(31));
        ben.send(anna, 2, "USD", "k2").statusCode(201);
        var place = endpoint(hook).place();
        await().atMost(SOON).until(() -> endpoint(hook).place() > place);
        assertThat(receiver.messages()).hasSize(heard);

        receiver.behave(it -> 200);
        TestClock.advance(Duration.ofMinutes(31));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(amounts(receiver, anna)).containsExactly(1, 2));
    }

    @Test
    void aSecretTakesTwoIsShownOnceAndTheOldOneSignsForADay() throws Exception {
        var receiver = receiver(200);
        var hook = hook(receiver);
        var draw = Map.of("reason", "For the vault of theirs.");

        admin().post(PATH + hook.id() + "/secret", draw).statusCode(422);
        approve(
                admin().post(
                                PATH + hook.id() + "/secret-renewal",
                                Map.of("leaked", false, "reason", "As every year."))
                        .statusCode(202)
                        .extract()
                        .path("id"));
        var next =
                admin().post(PATH + hook.id() + "/secret", draw)
                        .statusCode(200)
                        .extract()
                        .<String>path("secret");
        assertThat(next).isNotEqualTo(hook.secret());
        admin().post(PATH + hook.id() + "/secret", draw).statusCode(422);

        test(hook, true);
        var both = receiver.messages().get(0);
        verify(hook.secret(), both);
        verify(next, both);
        TestClock.advance(Duration.ofHours(25));
        test(hook, true);
        var one = receiver.messages().get(1);
        verify(next, one);
        assertThat(one.headers().get("Webhook-signature").get(0)).doesNotContain(" ");
        assertThat(one.type()).isEqualTo("webhook.test");
    }

    @Test
    void whatIsNoTargetIsRefusedBeforeAnybodyIsAsked() {
        var client = client();
        for (var url :
                List.of(
                        "http://169.254.169.254/latest",
                        "http://0x7f.0.0.1/",
                        "https://user@hooks.example.com/",
                        "https://hooks.nowhere.invalid/")) {
            admin().post(
                            "/v1/admin/webhook-endpoints",
                            Map.of(
                                    "client", client, "url", url, "types", List.of(), "reason",
                                    "R."))
                    .statusCode(422);
        }
    }

    /** Two replicas: another one's tasks on the same database, in the same machine. */
    @Test
    void twoReplicasSendEachMessageOnce() throws Exception {
        var receiver = receiver(200);
        var hook = hook(receiver);
        var anna = known(hook, 10_000);
        var ben = known(hook, 10_000);
        var other =
                new WebhookTasks(
                        endpoints,
                        lanes,
                        clients,
                        spreadNotices,
                        drain,
                        config,
                        clock,
                        ids,
                        source,
                        metrics);
        other.start(new StartupEvent());
        try {
            for (var minor = 1; minor <= 40; minor++) {
                anna.send(ben, minor, "USD", "k" + minor).statusCode(201);
            }
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(amounts(receiver, ben)).hasSize(40));
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(amounts(receiver, anna)).hasSize(40));
        } finally {
            other.stop(new ShutdownEvent());
        }
        assertThat(amounts(receiver, ben)).isSorted();
        assertThat(receiver.messages()).hasSize(80);
    }

    /** Of what its scopes do not let it look up. */
    @Test
    void aFrontEndIsNotToldOfWhatItMayNotSee() throws Exception {
        var receiver = receiver(200);
        var hook = hook(receiver);
        var anna = known(hook, 0);
        Desk.patch(anna, Map.of("displayName", "Anna", "birthDate", "1990-05-17"));
        till.topUp(processor, anna.id(), "k", till.card(anna.id(), SimulatedCard.WORKS), 5_00);

        // Behind it, so what comes first has been decided when this arrives.
        anna.send(TestPerson.fresh(), 1, "USD", "k1").statusCode(201);

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(amounts(receiver, anna)).containsExactly(1));
        assertThat(Sql.<String>column("select type from notice where customer = ?", anna.id()))
                .contains("top_up.completed", "transfer.completed");
        assertThat(receiver.received())
                .extracting(Receiver.Message::type)
                .noneMatch(it -> it.startsWith("top_up") || it.startsWith("card"));
    }

    /** Not even of what waits already. */
    @Test
    void whoseFrontEndIsSwitchedOffIsSentNothing() throws Exception {
        var receiver = receiver(500);
        var hook = hook(receiver);
        var anna = known(hook, 10_000);
        anna.send(TestPerson.fresh(), 1, "USD", "k1").statusCode(201);
        await().atMost(SOON).until(() -> endpoint(hook).failures() > 0);
        Sql.run("update client_app set state = 'DISABLED' where id = ?", hook.client());
        receiver.behave(it -> 200);
        TestClock.advance(Duration.ofMinutes(10));
        var id = UUID.fromString(hook.id());

        drain.begin(id);
        assertThat(drain.round(id, () -> true)).isFalse();
        assertThat(receiver.received()).isEmpty();

        Sql.run("update client_app set state = 'ACTIVE' where id = ?", hook.client());
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(amounts(receiver, anna)).containsExactly(1));
    }

    /** What fails days later is the first failure then, and no reason to disable it. */
    @Test
    void whatIsGivenUpDoesNotCountAgainstAnEndpointAtWhichNothingElseWaits() throws Exception {
        var receiver = receiver(400);
        var hook = hook(receiver);
        var anna = known(hook, 10_000);
        anna.send(TestPerson.fresh(), 1, "USD", "bad").statusCode(201);
        await().atMost(SOON).until(() -> tried(hook) == 1);
        assertThat(endpoint(hook).failingSince()).isNotNull();
        Sql.run("update webhook_delivery set attempts = 9 where endpoint = ?::uuid", hook.id());
        TestClock.advance(Duration.ofMinutes(10));

        await().atMost(SOON).until(() -> state(hook, "DEAD") == 1);
        assertThat(endpoint(hook).failures()).isZero();
        assertThat(endpoint(hook).failingSince()).isNull();
    }

    /** Somebody sends it again in the moment in which it is cleared away. */
    @Test
    void whatIsSentAgainIsNotPurged() throws Exception {
        var hook = hook(receiver(200));
        var id = UUID.randomUUID();
        Sql.run(
                """
                insert into webhook_delivery (customer, endpoint, number, id, type, body, state, error,
                                              created_at)
                values (gen_random_uuid(), ?::uuid, 1, ?, 'transfer.completed', '{}', 'DEAD', 'a test',
                        timestamptz '2020-01-01')
                """,
                hook.id(),
                id);
        var before = Instant.parse("2020-01-02T00:00:00Z");
        try (var again = Sql.asOwner();
                var revive = again.createStatement()) {
            again.setAutoCommit(false);
            revive.execute("update webhook_delivery set state = 'PENDING' where id = '" + id + "'");
            var purged =
                    CompletableFuture.supplyAsync(
                            () ->
                                    QuarkusTransaction.requiringNew()
                                            .call(() -> deliveries.purge(before, 10)));
            await().atMost(SOON)
                    .until(
                            () ->
                                    Sql.<Long>value(
                                                    "select count(*) from pg_locks where not"
                                                            + " granted")
                                            > 0);
            again.commit();
            assertThat(purged.join()).isZero();
        }
        assertThat(Sql.<Long>value("select count(*) from webhook_delivery where id = ?", id))
                .isOne();
    }

    /** Those that stand elsewhere go on, whatever is wrong with one place. */
    @Test
    void whatCannotBeSpreadHoldsUpNoOtherEndpoint() throws Exception {
        var receiver = receiver(200);
        var stuck = hook(receiver(200));
        var hook = hook(stuck.client(), receiver);
        var anna = known(hook, 10_000);
        anna.send(TestPerson.fresh(), 1, "USD", "k1").statusCode(201);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(amounts(receiver, anna)).containsExactly(1));
        await().atMost(SOON).until(() -> state(stuck, null) > 0);
        // What is in its lanes already goes into them once more, which the table refuses.
        Sql.run(
                """
                update webhook_endpoint e
                   set place = (select min(number) - 1 from webhook_delivery where endpoint = e.id)
                 where id = ?::uuid
                """,
                stuck.id());

        anna.send(TestPerson.fresh(), 2, "USD", "k2").statusCode(201);

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(amounts(receiver, anna)).containsExactly(1, 2));
        assertThat(endpoint(stuck).place()).isLessThan(endpoint(hook).place());
    }

    /** Before the call, or after it and before what has become of it was written down. */
    @Test
    void whatADeadOneWasSendingIsSentAgainUnderItsId() throws Exception {
        var receiver = receiver(500);
        var hook = hook(receiver);
        var anna = known(hook, 10_000);
        anna.send(TestPerson.fresh(), 1, "USD", "k1").statusCode(201);
        await().atMost(SOON).until(() -> tried(hook) == 1);
        Sql.run(
                "update webhook_lane set held = true, turn = turn + 1 where endpoint = ?::uuid",
                hook.id());
        receiver.behave(it -> 200);
        TestClock.advance(Duration.ofMinutes(10));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(amounts(receiver, anna)).containsExactly(1));
        assertThat(receiver.received().get(0).id()).isEqualTo(receiver.messages().get(0).id());
    }

    /** Whoever was frozen and comes back finds that it is somebody else's turn. */
    @Test
    void whoComesLateWritesNothing() throws Exception {
        var receiver = receiver(200);
        var hook = hook(receiver);
        var id = UUID.fromString(hook.id());
        var anna = UUID.randomUUID();
        Sql.run(
                "insert into webhook_lane (customer, endpoint, pending, due_at, held, turn)"
                        + " values (?, ?, 2, now() + interval '1 day', true, 5)",
                anna,
                id);

        var late = new LaneStore.Result(new LaneStore.Held(anna, 4), 1, null);
        assertThat(lanes.settle(id, List.of(late), clock.instant())).isEmpty();
        lanes.release(id);
        var dead = new LaneStore.Result(new LaneStore.Held(anna, 5), 1, null);
        assertThat(lanes.settle(id, List.of(dead), clock.instant())).isEmpty();
        assertThat(Sql.<Integer>value("select pending from webhook_lane where customer = ?", anna))
                .isEqualTo(2);
    }

    private Receiver receiver(int status) throws IOException {
        var receiver = Receiver.answering(status);
        receivers.add(receiver);
        return receiver;
    }

    private Hook hook(Receiver receiver) {
        return hook(receiver, List.of());
    }

    private Hook hook(Receiver receiver, List<String> types) {
        return hook(client(), receiver, types);
    }

    private Hook hook(String client, Receiver receiver) {
        return hook(client, receiver, List.of());
    }

    private Hook hook(String client, Receiver receiver, List<String> types) {
        approve(
                admin().post(
                                "/v1/admin/webhook-endpoints",
                                Map.of(
                                        "client",
                                        client,
                                        "url",
                                        receiver.url(),
                                        "types",
                                        types,
                                        "reason",
                                        "They have asked for it."))
                        .statusCode(202)
                        .extract()
                        .path("id"));
        var id =
                Sql.<UUID>value(
                                "select id from webhook_endpoint where client = ? and url = ?",
                                client,
                                receiver.url())
                        .toString();
        registered.add(id);
        var secret =
                admin().post(PATH + id + "/secret", Map.of("reason", "To hand it over."))
                        .statusCode(200)
                        .extract()
                        .<String>path("secret");
        return new Hook(client, id, secret);
    }

    private static String client() {
        var client = "hooks-" + UUID.randomUUID().toString().substring(0, 8);
        approve(
                admin().post(
                                "/v1/admin/client-apps",
                                Map.of(
                                        "id",
                                        client,
                                        "name",
                                        "With a server",
                                        "platform",
                                        "web",
                                        "ownerCountry",
                                        "FR",
                                        "confidential",
                                        false,
                                        "scopes",
                                        List.of(
                                                "profile",
                                                "wallet",
                                                "transfers.read",
                                                "transfers.send"),
                                        "carries",
                                        List.of(),
                                        "reason",
                                        "For its webhooks."))
                        .statusCode(202)
                        .extract()
                        .path("id"));
        return client;
    }

    private static void approve(String approval) {
        approver().approve(approval).statusCode(200);
    }

    /** Somebody who has signed in through that front end, with that much. */
    private static TestPerson known(Hook hook, long minor) {
        var person = TestPerson.signIn(Phones.next(), hook.client());
        if (minor > 0) {
            person.fund(minor, "USD");
        }
        return person;
    }

    /** Of the transfers that one customer's front end has heard of, in that order. */
    private static List<Integer> amounts(Receiver receiver, TestPerson customer) {
        return receiver.received().stream()
                .filter(it -> customer.id().toString().equals(it.customer()))
                .filter(it -> it.type().equals("transfer.completed"))
                .map(it -> it.body().at("/data/amount/minor").intValue())
                .toList();
    }

    private static boolean isOf(Receiver.Message message, int minor) {
        return message.body().at("/data/amount/minor").intValue() == minor;
    }

    private static void verify(String secret, Receiver.Message message) {
        assertThatCode(() -> new Webhook(secret).verify(message.text(), message.headers()))
                .doesNotThrowAnyException();
    }

    private static void test(Hook hook, boolean delivered) {
        var is =
                TestOperator.with(Role.SUPPORT)
                        .post(PATH + hook.id() + "/test", Map.of("reason", "Does it hear us?"))
                        .statusCode(200)
                        .extract()
                        .<Boolean>path("delivered");
        assertThat(is).isEqualTo(delivered);
    }

    private Endpoint endpoint(Hook hook) {
        return endpoints.find(UUID.fromString(hook.id())).orElseThrow();
    }

    private static JsonPath delivery(Hook hook, String id) {
        return admin().get(PATH + hook.id() + "/deliveries/" + id)
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private static long state(Hook hook, String state) {
        return Sql.<Long>value(
                "select count(*) from webhook_delivery where endpoint = ?::uuid"
                        + " and (?::text is null or state = ?)",
                hook.id(),
                state,
                state);
    }

    private static int tried(Hook hook) {
        return Sql.<Integer>value(
                "select coalesce(max(attempts), 0) from webhook_delivery where endpoint = ?::uuid",
                hook.id());
    }
}
