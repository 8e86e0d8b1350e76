package kvit.card;

import static kvit.money.Currency.EUR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.time.YearMonth;
import java.util.UUID;
import java.util.stream.Stream;
import kvit.money.Money;
import kvit.source.Ids;
import org.junit.jupiter.api.Test;

/** What every processor's adapter promises, whoever stands behind it. */
abstract class ProcessorContract {

    static final String WORKS = "4242424242424242";
    static final String MASTERCARD = "5555555555554444";
    static final String DECLINED = "4000000000000002";
    static final String INSUFFICIENT_FUNDS = "4000000000009995";
    static final String TIMES_OUT = "4000000000000119";

    private final Ids ids = Ids.at(this::now);

    abstract CardProcessor processor();

    abstract Instant now();

    @Test
    void aChargeIsDoneAndFound() {
        for (var number : new String[] {WORKS, MASTERCARD}) {
            var charge = charge(card(number), 1250);

            var result = processor().carryOut(charge);

            assertThat(result).isInstanceOf(Result.Done.class);
            assertThat(processor().find(charge)).isEqualTo(result);
        }
    }

    @Test
    void whatWasNeverSentIsNotFound() {
        assertThat(processor().find(charge(card(WORKS), 1250))).isEqualTo(new Result.NotFound());
    }

    @Test
    void aDeclineIsFinalAndFound() {
        var poor = charge(card(INSUFFICIENT_FUNDS), 1250);

        assertThat(processor().carryOut(poor)).isEqualTo(new Result.Declined("insufficient_funds"));
        assertThat(processor().carryOut(poor)).isEqualTo(new Result.Declined("insufficient_funds"));
        assertThat(processor().find(poor)).isEqualTo(new Result.Declined("insufficient_funds"));
        assertThat(processor().carryOut(charge(card(DECLINED), 1250)))
                .isInstanceOf(Result.Declined.class);
    }

    @Test
    void eachOfManyChargesAndRefundsIsFound() {
        var card = card(WORKS);
        var charges = Stream.generate(() -> charge(card, 1250)).limit(7).toList();
        var done = charges.stream().map(processor()::carryOut).toList();
        var refunds = Stream.generate(() -> refund(done.get(3), 100)).limit(5).toList();
        var given = refunds.stream().map(processor()::carryOut).toList();

        assertThat(charges.stream().map(processor()::find).toList()).isEqualTo(done);
        assertThat(refunds.stream().map(processor()::find).toList()).isEqualTo(given);
        assertThat(processor().find(charge(card, 1250))).isEqualTo(new Result.NotFound());
    }

    @Test
    void theSameOperationSentAgainIsOne() {
        var charge = charge(card(WORKS), 1250);

        var first = processor().carryOut(charge);
        var second = processor().carryOut(charge);

        assertThat(second).isEqualTo(first);
        assertThat(operations(charge.id())).isEqualTo(1);
    }

    @Test
    void anotherOperationUnderTheSameIdIsRefusedAndNothingIsDone() {
        var charge = charge(card(WORKS), 1250);
        var first = processor().carryOut(charge);
        var other =
                new Operation.Charge(
                        charge.id(), charge.since(), charge.card(), new Money(9999, EUR));

        assertThatExceptionOfType(NonsenseRefused.class)
                .isThrownBy(() -> processor().carryOut(other));

        assertThat(processor().find(charge)).isEqualTo(first);
        assertThat(operations(charge.id())).isEqualTo(1);
    }

    @Test
    void anAnswerThatWasLostIsFoundByAskingOrBySendingAgain() {
        var asked = charge(card(TIMES_OUT), 1250);
        var sentAgain = charge(card(TIMES_OUT), 1250);

        assertThat(processor().carryOut(asked)).isInstanceOf(Result.Unknown.class);
        assertThat(processor().carryOut(sentAgain)).isInstanceOf(Result.Unknown.class);

        assertThat(processor().find(asked)).isInstanceOf(Result.Done.class);
        assertThat(processor().carryOut(sentAgain)).isInstanceOf(Result.Done.class);
        assertThat(operations(sentAgain.id())).isEqualTo(1);
    }

    @Test
    void aChargeIsGivenBackOnceAndNeverMoreThanItWas() {
        var charge = processor().carryOut(charge(card(WORKS), 1000));
        var part = refund(charge, 700);

        var given = processor().carryOut(part);

        assertThat(given).isInstanceOf(Result.Done.class);
        assertThat(processor().carryOut(part)).isEqualTo(given);
        assertThat(processor().find(part)).isEqualTo(given);
        assertThat(processor().carryOut(refund(charge, 301)))
                .isEqualTo(new Result.Declined("charge_already_refunded"));
        assertThat(processor().carryOut(refund(charge, 300))).isInstanceOf(Result.Done.class);
    }

    /** How many operations the processor itself has under an id. */
    abstract int operations(UUID id);

    final String card(String number) {
        var card = ids.next();
        var details =
                new CardDetails(
                        CardNumber.parse(number).orElseThrow(),
                        YearMonth.of(2031, 3),
                        "314",
                        "Ada Lovelace");
        var first = processor().register(card, details);
        assertThat(first).isInstanceOf(Registration.Registered.class);
        assertThat(processor().register(card, details)).isEqualTo(first);
        var reference = ((Registration.Registered) first).reference();
        assertThat(reference).doesNotContain(number);
        return reference;
    }

    final Operation.Charge charge(String card, long minor) {
        return new Operation.Charge(ids.next(), now(), card, new Money(minor, EUR));
    }

    final Operation.Push push(String card, Speed speed) {
        return new Operation.Push(ids.next(), now(), card, new Money(1250, EUR), speed);
    }

    final Operation.Refund refund(Result charge, long minor) {
        return new Operation.Refund(
                ids.next(), now(), ((Result.Done) charge).name(), new Money(minor, EUR));
    }
}
