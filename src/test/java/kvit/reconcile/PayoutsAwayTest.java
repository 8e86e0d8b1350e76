package kvit.reconcile;

import static kvit.money.Currency.USD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import kvit.card.Desk;
import kvit.card.MoneyOnly;
import kvit.card.Operation;
import kvit.card.Reason;
import kvit.card.Result;
import kvit.card.SimulatedCard;
import kvit.card.Speed;
import kvit.payout.Payouts;
import kvit.settlement.LineType;
import kvit.support.KvitTest;
import kvit.support.Sql;
import org.junit.jupiter.api.Test;

/**
 * The processor's files have a payout when its money leaves, days before it arrives; and so have
 * the books.
 */
@KvitTest
class PayoutsAwayTest {

    /** Always the same, whatever it is asked. */
    private record Saying(Result result) implements MoneyOnly {

        @Override
        public Result carryOut(Operation operation) {
            return result;
        }

        @Override
        public Result find(Operation operation) {
            return result;
        }
    }

    @Inject Payouts payouts;
    @Inject Desk desk;
    @Inject Expectations expectations;
    @Inject Position position;

    @Test
    void whatIsTakenIsExpectedByTheNameOfWhatTookItAndWhatComesBackAsWell() {
        var before = position.of(USD).difference();
        var anna = asking(Speed.STANDARD);
        var out = "tr_" + anna;
        say(anna, new Result.Pending("po_" + anna, out));
        assertThat(expected(anna)).isEqualTo(List.of("PAYOUT -1000 " + push(anna) + " " + out));
        var day = all(anna).get(0).bookedOn();
        assertThat(breaks(anna, line(day, 1, LineType.PAYOUT, out, -10_00))).isEmpty();

        // Heard twice, posted once.
        say(anna, new Result.Pending("po_" + anna, out));
        say(anna, new Result.Done("po_" + anna, out));
        assertThat(payouts.standing(anna, "k").state()).isEqualTo("PAID");
        assertThat(expected(anna)).hasSize(1);

        say(anna, new Result.Declined("account_closed", new Result.Trip(out, "trr_" + anna)));
        assertThat(payouts.standing(anna, "k").state()).isEqualTo("RETURNED");
        assertThat(balance(anna)).isEqualTo(100_00);
        assertThat(expected(anna))
                .containsExactlyInAnyOrder(
                        "PAYOUT -1000 " + push(anna) + " " + out,
                        "CORRECTION 1000 " + push(anna) + " trr_" + anna);
        assertThat(
                        breaks(
                                anna,
                                line(day, 1, LineType.PAYOUT, out, -10_00),
                                line(day, 2, LineType.CORRECTION, "trr_" + anna, 10_00)))
                .isEmpty();
        // While neither has come, neither is missing.
        assertThat(Plan.stillExpected(all(anna), new Findings(), Set.of())).isEmpty();
        assertThat(position.of(USD).difference()).isEqualTo(before);
        assertThat(Payouts.contradictions(Set.of(anna))).isEmpty();
    }

    /** Its money was away between two words of ours, and its files say so all the same. */
    @Test
    void whatWasAwayBeforeAnybodyHeardOfItIsExpectedOutAndBack() {
        var anna = asking(Speed.STANDARD);
        say(anna, new Result.Declined("card_declined", new Result.Trip("tr_" + anna, null)));
        assertThat(balance(anna)).isEqualTo(100_00);
        assertThat(expected(anna))
                .containsExactlyInAnyOrder(
                        "PAYOUT -1000 " + push(anna) + " tr_" + anna,
                        "CORRECTION 1000 " + push(anna) + " tr_" + anna);
    }

    @Test
    void whatIsSentAgainMoreSlowlyWasAwayOnceBefore() {
        var anna = asking(Speed.INSTANT);
        var first = push(anna);
        say(
                anna,
                new Result.Declined("not_instant", new Result.Trip("tr1_" + anna, "trr_" + anna)));
        assertThat(push(anna)).isNotEqualTo(first);
        // The second push is due at once, and whoever sends it is quick.
        assertThat(expected(anna))
                .contains(
                        "PAYOUT -1000 " + first + " tr1_" + anna,
                        "CORRECTION 1000 " + first + " trr_" + anna);
    }

    @Test
    void whatNobodyKnowsTheEndOfIsAwayOnlyWhereItIsForCertain() {
        var anna = asking(Speed.STANDARD);
        say(anna, new Result.Unknown(Reason.TIME_OUT));
        assertThat(expected(anna)).isEmpty();
        say(anna, new Result.Unknown(Reason.TIME_OUT, "tr_" + anna));
        assertThat(expected(anna)).hasSize(1);

        var plain = asking(Speed.STANDARD);
        say(plain, new Result.Declined("balance_insufficient"));
        assertThat(expected(plain)).isEmpty();
        assertThat(balance(plain)).isEqualTo(100_00);
    }

    /** It was posted when it arrived, and nothing says that it was away. */
    @Test
    void whatWasPaidBeforeAnUpgradeComesBackOutOfWhatTheProcessorOwes() throws SQLException {
        var anna = asking(Speed.STANDARD);
        say(anna, new Result.Done("po_" + anna));
        var out = all(anna).get(0).item();
        try (var owner = Sql.asOwner();
                var statement = owner.createStatement()) {
            statement.execute("alter table payout_trip disable trigger payout_trip_stays");
            statement.execute("delete from payout_trip where customer = '" + anna + "'");
            statement.execute("alter table payout_trip enable trigger payout_trip_stays");
        }

        say(anna, new Result.Declined("account_closed", new Result.Trip("tr_" + anna, null)));

        assertThat(payouts.standing(anna, "k").state()).isEqualTo("RETURNED");
        assertThat(balance(anna)).isEqualTo(100_00);
        assertThat(
                        Sql.<BigDecimal>value(
                                "select sum(e.minor) from entry e"
                                        + " join posting p on p.id = e.posting"
                                        + " join account a on a.id = e.account"
                                        + " where a.kind = 'CARD_CLEARING' and (p.id = ?"
                                        + " or p.reverses = (select id from payout"
                                        + " where customer = ?))",
                                out,
                                anna))
                .isZero();
    }

    @Test
    void theTableRefusesWhatTheMoneyDoesNotSay() {
        var anna = asking(Speed.STANDARD);
        var paid = "state = 'PAID', name = 'x', paid_at = created_at, due_at = null";
        assertThatThrownBy(() -> change(anna, paid)).hasStackTraceContaining("payout_follows_trip");
        say(anna, new Result.Pending("po_" + anna, "tr_" + anna));
        var back = "state = 'RETURNED', decline_code = 'x', back_at = created_at, due_at = null";
        assertThatThrownBy(() -> change(anna, back)).hasStackTraceContaining("payout_follows_trip");
        for (var change : List.of("out_name = 'x'", "out_at = now()", "push = gen_random_uuid()")) {
            assertThatThrownBy(
                            () ->
                                    Sql.run(
                                            "update payout_trip set "
                                                    + change
                                                    + ", back_posting = push, back_name = 'b',"
                                                    + " back_at = now() where customer = ?",
                                            anna))
                    .as(change)
                    .hasStackTraceContaining("payout_trip_ends_once");
        }
        assertThatThrownBy(() -> Sql.run("delete from payout_trip where customer = ?", anna))
                .hasStackTraceContaining("DELETE of payout_trip is refused");
    }

    private static void change(UUID anna, String change) {
        Sql.run("update payout set " + change + " where customer = ?", anna);
    }

    private UUID asking(Speed speed) {
        var anna = desk.somebody();
        payouts.fund(anna, 100_00);
        payouts.ask(anna, "k", desk.card(anna, SimulatedCard.WORKS), 10_00, speed);
        return anna;
    }

    private void say(UUID anna, Result result) {
        payouts.carryOut(new Saying(result), anna, "k");
    }

    private static UUID push(UUID anna) {
        return Sql.value("select push from payout where customer = ?", anna);
    }

    private static long balance(UUID anna) {
        return Sql.<Long>value(
                "select balance from account where owner = ? and kind = 'WALLET'", anna);
    }

    private List<Expectation> all(UUID anna) {
        var items =
                Sql.<UUID>column(
                        "select unnest(array_remove(array[out_posting, back_posting], null))"
                                + " from payout_trip where customer = ?",
                        anna);
        return expectations.find(USD, items);
    }

    private List<String> expected(UUID anna) {
        return all(anna).stream()
                .map(
                        it ->
                                "%s %d %s %s"
                                        .formatted(
                                                it.type(),
                                                it.minor(),
                                                it.reference(),
                                                String.join(" ", it.names())))
                .toList();
    }

    /** By the processor's name alone. */
    private static Line line(
            LocalDate day, int number, LineType type, String external, long gross) {
        return new Line(
                new Line.Key(Scene.FILE, number),
                "stripe",
                type,
                null,
                external,
                null,
                USD,
                gross,
                0,
                day,
                null,
                null,
                false);
    }

    private List<Findings.Break> breaks(UUID anna, Line... lines) {
        var findings = new Findings();
        new MatchLedger(USD, MatchingTest.RULES, findings)
                .match(List.of(lines), List.of(), all(anna), List.of());
        return new ArrayList<>(findings.breaks());
    }
}
