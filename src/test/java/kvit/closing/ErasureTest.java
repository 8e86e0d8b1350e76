package kvit.closing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.notNullValue;

import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import kvit.card.Desk;
import kvit.card.SimulatedCard;
import kvit.card.TestCards;
import kvit.operate.Role;
import kvit.payout.Payouts;
import kvit.support.KvitTest;
import kvit.support.Sql;
import kvit.support.TestOperator;
import kvit.support.TestPerson;
import kvit.topup.Till;
import org.junit.jupiter.api.Test;

/** Looks into every column of every table for somebody who has left. */
@KvitTest
class ErasureTest {

    /** Where a name stands on, and why. One that is not found any more is to be taken out. */
    private static final Map<String, String> STAYS =
            Map.of(
                    "transfer.answer",
                    "The record of a key, word for word: what was done, and what both were shown of"
                            + " it.",
                    "request_key.answer",
                    "The same of a request.",
                    "inbox_message.phone",
                    "The sandbox's phones: what was sent is on them, and nowhere in live mode.",
                    "rate_bucket.id",
                    "How many codes it has had: leaving and coming back is no way to more of them.",
                    "confirmation.payee",
                    "The other's, about to whom they send; cleared away with it within days.");

    /** What the law wants to be known of whoever has left, and where alone it stands. */
    private static final Set<String> UNTIL_THE_TIME_IS_OVER = Set.of("former_customer.phone");

    @Inject Leaver leaver;
    @Inject Till till;
    @Inject Payouts payouts;

    @Test
    void nothingIsLeftByWhichSomebodyIsKnown() {
        var mark = UUID.randomUUID().toString().substring(0, 8);
        var anna = Leaver.named("Zq" + mark, 10_00);
        Desk.setPin(anna);
        till.card(anna.id(), SimulatedCard.WORKS);
        Desk.add(anna, TestCards.next(), "added").statusCode(201);
        var boris = Leaver.named("Bq" + mark, 300_00);
        anna.send(boris, 10_00, "EUR", "all").statusCode(201);
        boris.send(anna, 200_00, "EUR", "waits").statusCode(201);
        boris.post(
                "/v1/requests",
                "asks",
                Map.of(
                        "amount",
                        TestPerson.money(10_00, "EUR"),
                        "payers",
                        List.of(Map.of("phone", anna.phone()))));
        TestPerson.startSignIn(anna.phone());
        var names = List.of(anna.phone(), "Zq" + mark, ("Zq" + mark).toLowerCase());
        assertThat(columnsWith(names))
                .as("what is looked for is found while it is there")
                .contains(
                        "customer.phone",
                        "customer.display_name",
                        "customer.handle",
                        "sign_in.phone");
        Leaver.close(anna, null, Leaver.PIN).statusCode(200);
        Leaver.letTimePass();
        leaver.carryOut(anna);
        assertThat(Leaver.state(anna)).isEqualTo("CLOSED");

        var found = columnsWith(names);

        var allowed = new TreeSet<>(STAYS.keySet());
        allowed.addAll(UNTIL_THE_TIME_IS_OVER);
        assertThat(allowed).containsAll(found);
        assertThat(found).containsAll(UNTIL_THE_TIME_IS_OVER);
        assertThat(Sql.column("select device from session where customer = ?", anna.id()))
                .containsOnlyNulls();
        for (var table : List.of("pin", "confirmation")) {
            assertThat(
                            Sql.column(
                                    "select customer from " + table + " where customer = ?",
                                    anna.id()))
                    .isEmpty();
        }
        assertThat(Sql.column("select sealed from card where customer = ?", anna.id()))
                .containsOnlyNulls();

        Sql.run(
                "update former_customer set keep_until = closed_at + interval '1 ms' where customer"
                        + " = ?",
                anna.id());
        leaver.carryOut(anna);

        assertThat(STAYS.keySet()).containsAll(columnsWith(names));
        assertThat(
                        Sql.<Object>value(
                                "select forgotten_at from closing where customer = ?", anna.id()))
                .isNotNull();
        assertThat(Sql.column("select * from books_discrepancy")).isEmpty();
    }

    @Test
    void whoIsOwedMoneyIsNotForgotten() {
        var anna = Leaver.named("Ow" + UUID.randomUUID().toString().substring(0, 8), 0);
        leaver.leave(anna);
        Sql.run(
                "update former_customer set keep_until = closed_at + interval '1 ms' where customer"
                        + " = ?",
                anna.id());
        payouts.fund(anna.id(), 5);

        leaver.carryOut(anna);

        assertThat(Leaver.state(anna)).isEqualTo("OWED");
        assertThat(Sql.column("select phone from former_customer where customer = ?", anna.id()))
                .containsExactly(anna.phone());
    }

    /** Nobody can say any more whose it is, and that it is there is found all the same. */
    @Test
    void moneyForSomebodyWhoIsForgottenIsFound() {
        var anna = Leaver.named("Fg" + UUID.randomUUID().toString().substring(0, 8), 0);
        leaver.leave(anna);
        Sql.run(
                "update former_customer set keep_until = closed_at + interval '1 ms' where customer"
                        + " = ?",
                anna.id());
        leaver.carryOut(anna);
        payouts.fund(anna.id(), 5);

        leaver.carryOut(anna);

        assertThat(Leaver.state(anna)).isEqualTo("OWED");
        TestOperator.with(Role.FINANCE)
                .get("/v1/admin/closings?limit=100")
                .statusCode(200)
                .body(
                        "items.find { it.customerId == '" + anna.id() + "' }.forgottenAt",
                        notNullValue());
        assertThatThrownBy(
                        () ->
                                Sql.run(
                                        "update closing set forgotten_at = null where customer = ?",
                                        anna.id()))
                .hasStackTraceContaining("does not become that");
    }

    /** A table a query; in which column of it only where there is something. */
    private static Set<String> columnsWith(List<String> names) {
        var found = new TreeSet<String>();
        for (var table : tables()) {
            if (isIn(table, "it::text", names)) {
                for (var column : columns(table)) {
                    if (isIn(table, "it.\"" + column + "\"::text", names)) {
                        found.add(table + "." + column);
                    }
                }
            }
        }
        return found;
    }

    private static boolean isIn(String table, String what, List<String> names) {
        return Sql.<Boolean>value(
                """
                select exists (select from %1$s it
                                where strpos(%2$s, ?) > 0 or strpos(%2$s, ?) > 0 or strpos(%2$s, ?) > 0)
                """
                        .formatted(table, what),
                names.toArray());
    }

    private static List<String> tables() {
        return Sql.column(
                """
                select table_name::text from information_schema.tables
                 where table_schema = 'public' and table_type = 'BASE TABLE'
                """);
    }

    private static List<String> columns(String table) {
        return Sql.column(
                """
                select column_name::text from information_schema.columns
                 where table_schema = 'public' and table_name = ?
                """,
                table);
    }
}
