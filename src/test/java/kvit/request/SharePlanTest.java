package kvit.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import kvit.identity.PersonRef;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.problem.ProblemType;
import org.junit.jupiter.api.Test;

/** What each is asked for, with what the asker bears, is what the request is about. */
class SharePlanTest {

    private static final Money BILL = eur(100_01);

    @Test
    void countsTheAskerAsTheLastOneWhoBearsAPart() {
        var plan = SharePlan.of(equal(BILL, 6, false, true));

        assertThat(plan.shares())
                .containsExactly(
                        eur(14_29), eur(14_29), eur(14_29), eur(14_29), eur(14_29), eur(14_28));
        assertThat(plan.mine()).isEqualTo(eur(14_28));
    }

    @Test
    void addsUpInCurrenciesOfNoAndOfThreeDigits() {
        var yen = SharePlan.of(equal(new Money(1_000, Currency.JPY), 3, false, false));
        var dinars = SharePlan.of(equal(new Money(10_000, Currency.KWD), 7, false, false));

        assertThat(yen.shares().toString()).isEqualTo("[334 JPY, 333 JPY, 333 JPY]");
        assertThat(dinars.shares().toString())
                .isEqualTo(
                        "[1.429 KWD, 1.429 KWD, 1.429 KWD, 1.429 KWD, 1.428 KWD, 1.428 KWD, 1.428"
                                + " KWD]");
    }

    @Test
    void asksEachForTheAmountWhereItIsPerHead() {
        var plan = SharePlan.of(equal(eur(12_50), 3, true, false));
        var withMe = SharePlan.of(equal(eur(12_50), 3, true, true));

        assertThat(plan.amount()).isEqualTo(eur(37_50));
        assertThat(plan.shares()).containsOnly(eur(12_50)).hasSize(3);
        assertThat(plan.mine()).isEqualTo(eur(0));
        assertThat(withMe.amount()).isEqualTo(eur(50_00));
        assertThat(withMe.mine()).isEqualTo(eur(12_50));
    }

    @Test
    void takesAmountsThatAddUpAndLeavesTheRestToTheAskerWhereTheyBearAPart() {
        assertThat(SharePlan.of(amounts(BILL, false, 60_01, 40_00)).shares())
                .containsExactly(eur(60_01), eur(40_00));
        assertThat(SharePlan.of(amounts(BILL, true, 60_01, 30_00)).mine()).isEqualTo(eur(10_00));
    }

    @Test
    void refusesAmountsThatDoNotAddUp() {
        assertRefused(amounts(BILL, false, 60_00, 40_00), RequestProblem.SPLIT_NOT_EXACT);
        assertRefused(amounts(BILL, false, 60_02, 40_00), RequestProblem.SPLIT_NOT_EXACT);
        assertRefused(amounts(BILL, true, 60_01, 40_00), RequestProblem.SPLIT_NOT_EXACT);
    }

    @Test
    void refusesASplitThatLeavesSomebodyNothing() {
        assertRefused(equal(eur(2), 3, false, false), RequestProblem.SHARE_TOO_SMALL);
        assertRefused(equal(eur(2), 2, false, true), RequestProblem.SHARE_TOO_SMALL);
        assertRefused(shares(eur(10), null, 1, 1_000), RequestProblem.SHARE_TOO_SMALL);
        assertThat(SharePlan.of(equal(eur(3), 3, false, false)).shares()).containsOnly(eur(1));
    }

    @Test
    void weighsTheAskerLikeAnybodyUnlessTheySayHowMuch() {
        assertThat(SharePlan.of(shares(eur(100_00), 1, 2, 1)).mine()).isEqualTo(eur(25_00));
        assertThat(SharePlan.of(shares(eur(100_00), 5, 2, 1)).mine()).isEqualTo(eur(62_50));
    }

    @Test
    void refusesWaysThatDoNotGoTogether() {
        var two = payers(2, null, null);
        assertMalformed(() -> order(BILL, payers(2, eur(1), null), Split.EQUAL, false, false));
        assertMalformed(() -> order(BILL, two, Split.AMOUNTS, false, false));
        assertMalformed(() -> order(BILL, two, Split.SHARES, false, false));
        assertMalformed(() -> order(BILL, payers(2, null, 3), Split.EQUAL, false, false));
        assertMalformed(() -> order(BILL, payers(2, null, 3), Split.SHARES, true, false));
        assertMalformed(
                () ->
                        order(
                                BILL,
                                payers(2, new Money(1, Currency.USD), null),
                                Split.AMOUNTS,
                                false,
                                false));
        assertMalformed(() -> order(eur(Money.MINOR_MAX / 2), two, Split.EQUAL, true, true));
        assertMalformed(() -> new Order(BILL, two, Split.EQUAL, false, true, 2, null, null, false));
    }

    @Test
    void isTheWholeAmountHoweverItIsDivided() {
        var seed = Long.getLong("kvit.seed", System.nanoTime());
        var random = new Random(seed);
        for (var number = 0; number < 5_000; number++) {
            var heads = 1 + random.nextInt(50);
            var amount = eur(1 + heads * 1_000L + random.nextLong(1_000_000));
            var includeMe = random.nextBoolean();
            var payers = new ArrayList<Order.Payer>();
            for (var i = 0; i < heads; i++) {
                payers.add(new Order.Payer(ref(), null, 1 + random.nextInt(9)));
            }
            var plan = SharePlan.of(order(amount, payers, Split.SHARES, false, includeMe));

            var all = plan.shares().stream().reduce(plan.mine(), Money::plus);
            assertThat(all).as("seed %d, %d heads", seed, heads).isEqualTo(amount);
            assertThat(plan.mine().isPositive()).isEqualTo(includeMe);
        }
    }

    private static void assertRefused(Order order, ProblemType type) {
        assertThatThrownBy(() -> SharePlan.of(order))
                .isInstanceOfSatisfying(Problem.class, it -> assertThat(it.type()).isEqualTo(type));
    }

    private static void assertMalformed(java.util.concurrent.Callable<Order> making) {
        assertThatThrownBy(making::call)
                .isInstanceOfSatisfying(
                        Problem.class,
                        it -> assertThat(it.type()).isEqualTo(GeneralProblem.VALIDATION_FAILED));
    }

    private static Order equal(Money amount, int heads, boolean perHead, boolean includeMe) {
        return order(amount, payers(heads, null, null), Split.EQUAL, perHead, includeMe);
    }

    private static Order amounts(Money amount, boolean includeMe, long... each) {
        var payers = new ArrayList<Order.Payer>();
        for (var minor : each) {
            payers.add(new Order.Payer(ref(), eur(minor), null));
        }
        return order(amount, payers, Split.AMOUNTS, false, includeMe);
    }

    private static Order shares(Money amount, Integer mine, int... each) {
        var payers = new ArrayList<Order.Payer>();
        for (var weight : each) {
            payers.add(new Order.Payer(ref(), null, weight));
        }
        return new Order(
                amount, payers, Split.SHARES, false, mine != null, mine, null, null, false);
    }

    private static List<Order.Payer> payers(int heads, Money amount, Integer shares) {
        return IntStream.range(0, heads)
                .mapToObj(it -> new Order.Payer(ref(), amount, shares))
                .toList();
    }

    private static Order order(
            Money amount,
            List<Order.Payer> payers,
            Split split,
            boolean perHead,
            boolean includeMe) {
        return new Order(amount, payers, split, perHead, includeMe, null, null, null, false);
    }

    private static PersonRef ref() {
        return PersonRef.of(UUID.randomUUID());
    }

    private static Money eur(long minor) {
        return new Money(minor, Currency.EUR);
    }
}
