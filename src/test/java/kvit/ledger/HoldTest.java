package kvit.ledger;

import static kvit.ledger.LedgerProblem.HOLD_NOT_FOUND;
import static kvit.ledger.LedgerProblem.HOLD_SETTLED;
import static kvit.ledger.LedgerProblem.INSUFFICIENT_FUNDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import kvit.money.Money;
import kvit.problem.Problem;
import kvit.problem.ProblemType;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Money that is promised: placed, captured, released, expired. */
@KvitTest
class HoldTest {

    @Inject Ledger ledger;
    @Inject TestBooks books;
    @Inject Clock clock;
    @Inject Ids ids;

    @Test
    void keepsMoneyFromBeingSpentTwice() {
        var anna = books.wallet(10_00);
        books.hold(anna, 7_00, null);

        assertThat(books.balance(anna)).isEqualTo(10_00);
        assertThat(books.available(anna)).isEqualTo(3_00);
        assertProblem(() -> books.hold(anna, 3_01, null), INSUFFICIENT_FUNDS);
        assertThat(books.post(books.move(anna, books.wallet(0), 3_01)).isPosted()).isFalse();
        assertThat(books.post(books.move(anna, books.wallet(0), 3_00)).isPosted()).isTrue();
        assertThat(books.available(anna)).isZero();
    }

    /** What is promised in place of a posting is decided in its turn, and nobody is told of it. */
    @Test
    void aPostingGivesWayToAPromiseDependingOnThoseBeforeIt() {
        var anna = books.wallet(10_00);
        var shop = books.wallet(0);
        var moves =
                List.of(
                        books.move(anna, shop, 11_00),
                        books.move(anna, shop, 4_00),
                        books.move(anna, shop, 5_00),
                        books.move(anna, shop, 2_00));
        var afterTheFirst = new FirstOnly(anna);
        var outcomes = books.post(moves, afterTheFirst);
        assertThat(outcomes)
                .extracting(Outcome::isPosted)
                .containsExactly(false, true, true, false);
        assertThat(outcomes)
                .extracting(it -> it.move() instanceof Promise)
                .containsExactly(false, false, true, true);
        assertThat(afterTheFirst.posted).containsExactly(outcomes.get(1));
        assertThat(books.balance(anna)).isEqualTo(6_00);
        assertThat(books.available(anna)).isEqualTo(1_00);
        assertThat(books.balance(shop)).isEqualTo(4_00);
        assertThat(state(moves.get(2).id())).isEqualTo("PENDING");
    }

    /** Who keeps account of what is to be held instead would keep what never comes. */
    @Test
    void whatIsRefusedIsNotAskedForInAnotherWay() {
        var payer = books.wallet(100);
        var refused = books.move(payer, books.wallet(0), 10);
        var proviso =
                new FirstOnly(payer) {
                    @Override
                    public Problem refusal(Move move) {
                        return LedgerProblem.HOLD_SETTLED.because("for a test");
                    }

                    @Override
                    public Move instead(Move move) {
                        throw new AssertionError("it was refused");
                    }
                };

        var outcome = books.post(List.of(refused), proviso).get(0);

        assertThat(outcome.refusal()).isNotNull();
        assertThat(outcome.move()).isEqualTo(refused);
        assertThat(books.available(payer)).isEqualTo(100);
    }

    /** Posts one, and holds what comes after it. */
    private static class FirstOnly implements Proviso {

        private final Account payer;
        private final List<Outcome> posted = new ArrayList<>();

        FirstOnly(Account payer) {
            this.payer = payer;
        }

        @Override
        public Problem refusal(Move move) {
            return null;
        }

        @Override
        public Move instead(Move move) {
            if (posted.isEmpty()) {
                return move;
            }
            var minor = -((Posting) move).lines().get(0).minor();
            return new Promise(move.id(), payer, new Money(minor, payer.currency()), null);
        }

        @Override
        public void posted(Outcome outcome) {
            posted.add(outcome);
        }
    }

    @Test
    void capturesAllOfIt() {
        var anna = books.wallet(10_00);
        var shop = books.wallet(0);
        var hold = books.hold(anna, 10_00, null);

        assertThat(books.post(books.move(anna, shop, 10_00).capturing(hold)).isPosted()).isTrue();

        assertThat(books.balance(anna)).isZero();
        assertThat(books.balance(shop)).isEqualTo(10_00);
        assertThat(state(hold)).isEqualTo("CAPTURED");
    }

    @Test
    void capturesAPartAndReleasesTheRest() {
        var anna = books.wallet(10_00);
        var shop = books.wallet(0);
        var hold = books.hold(anna, 8_00, null);

        books.post(books.move(anna, shop, 5_00).capturing(hold));

        assertThat(books.balance(anna)).isEqualTo(5_00);
        assertThat(books.available(anna)).isEqualTo(5_00);
        var again = books.post(books.move(anna, shop, 3_00).capturing(hold));
        assertThat(again.refusal().type()).isEqualTo(HOLD_SETTLED);
    }

    @Test
    void doesNotPayForSomebodyElse() {
        var anna = books.wallet(10_00);
        var boris = books.wallet(10_00);
        var hold = books.hold(anna, 8_00, null);

        var outcome = books.post(books.move(boris, books.wallet(0), 1_00).capturing(hold));

        assertThat(outcome.refusal().type()).isEqualTo(HOLD_NOT_FOUND);
    }

    @Test
    void releasesOnce() {
        var anna = books.wallet(10_00);
        var hold = books.hold(anna, 8_00, null);

        books.release(anna, hold);

        assertThat(books.available(anna)).isEqualTo(10_00);
        assertProblem(() -> books.release(anna, hold), HOLD_SETTLED);
        assertProblem(() -> books.release(anna, ids.next()), HOLD_NOT_FOUND);
        assertProblem(() -> books.release(books.wallet(1), hold), HOLD_NOT_FOUND);
    }

    /**
     * Past its time it is refused at once; that the sweep writes it down later makes no difference.
     */
    @Test
    void expires() {
        var anna = books.wallet(10_00);
        var expired = books.hold(anna, 8_00, clock.instant().minusSeconds(1));
        books.hold(anna, 1_00, clock.instant().plus(Duration.ofDays(1)));

        var late = books.post(books.move(anna, books.wallet(0), 8_00).capturing(expired));

        assertThat(late.refusal().type()).isEqualTo(HOLD_SETTLED);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(state(expired)).isEqualTo("EXPIRED"));
        assertThat(books.available(anna)).isEqualTo(9_00);
    }

    /** In one list two captures of one hold are one capture and one refusal. */
    @Test
    void isCapturedOnceInOneList() {
        var anna = books.wallet(10_00);
        var shop = books.wallet(0);
        var hold = books.hold(anna, 4_00, null);

        var outcomes =
                books.post(
                        List.of(
                                books.move(anna, shop, 4_00).capturing(hold),
                                books.move(anna, shop, 4_00).capturing(hold)));

        assertThat(outcomes.get(0).isPosted()).isTrue();
        assertThat(outcomes.get(1).refusal().type()).isEqualTo(HOLD_SETTLED);
        assertThat(books.balance(anna)).isEqualTo(6_00);
    }

    /** Some move and some are held, and each finds what the ones before it have left. */
    @Test
    void isPlacedInItsTurnInOneListWithPostings() {
        var anna = books.wallet(10_00);
        var shop = books.wallet(0);
        var first = books.promise(anna, 4_00);

        var outcomes =
                books.post(
                        List.of(
                                first,
                                books.move(anna, shop, 5_00),
                                books.promise(anna, 1_01),
                                books.promise(anna, 1_00),
                                books.move(anna, shop, 1),
                                books.move(anna, shop, 4_00).capturing(first.id())));

        assertThat(outcomes)
                .extracting(Outcome::isPosted)
                .containsExactly(true, true, false, true, false, true);
        assertThat(outcomes.get(2).refusal().type()).isEqualTo(INSUFFICIENT_FUNDS);
        assertThat(books.balance(anna)).isEqualTo(1_00);
        assertThat(books.available(anna)).isZero();
        assertThat(state(first.id())).isEqualTo("CAPTURED");
    }

    @Test
    void isPlacedOnWhatHasJustOpenedTheAccount() {
        var anna = books.wallet(10_00);
        var newcomer = books.wallet(0);

        var outcomes =
                books.post(
                        List.of(books.move(anna, newcomer, 5_00), books.promise(newcomer, 5_00)));

        assertThat(outcomes).allMatch(Outcome::isPosted);
        assertThat(books.balance(newcomer)).isEqualTo(5_00);
        assertThat(books.available(newcomer)).isZero();
    }

    @Test
    void isSettledOnceHoweverManyTry() throws Exception {
        var anna = books.wallet(50_00);
        var shop = books.wallet(0);
        for (var round = 0; round < 20; round++) {
            var hold = books.hold(anna, 1_00, null);
            var settled =
                    Race.run(
                            4,
                            List.<Callable<Boolean>>of(
                                    () ->
                                            books.post(books.move(anna, shop, 1_00).capturing(hold))
                                                    .isPosted(),
                                    () -> released(anna, hold),
                                    () ->
                                            books.post(books.move(anna, shop, 1_00).capturing(hold))
                                                    .isPosted(),
                                    () -> released(anna, hold)));
            assertThat(settled).filteredOn(it -> it).hasSize(1);
        }
        assertThat(books.balance(anna) + books.balance(shop)).isEqualTo(50_00);
        assertThat(books.available(anna)).isEqualTo(books.balance(anna));
    }

    private boolean released(Account account, UUID hold) {
        try {
            books.release(account, hold);
            return true;
        } catch (Problem e) {
            return false;
        }
    }

    private static String state(UUID hold) {
        return Sql.value("select state from hold where id = ?", hold);
    }

    private static void assertProblem(ThrowingCallable call, ProblemType type) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(Problem.class, it -> assertThat(it.type()).isEqualTo(type));
    }
}
