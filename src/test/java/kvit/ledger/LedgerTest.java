package kvit.ledger;

import static kvit.ledger.LedgerProblem.ALREADY_REVERSED;
import static kvit.ledger.LedgerProblem.BALANCE_OUT_OF_RANGE;
import static kvit.ledger.LedgerProblem.CAPTURE_EXCEEDS_HOLD;
import static kvit.ledger.LedgerProblem.HOLD_NOT_FOUND;
import static kvit.ledger.LedgerProblem.HOLD_SETTLED;
import static kvit.ledger.LedgerProblem.INSUFFICIENT_FUNDS;
import static kvit.ledger.LedgerProblem.POSTING_NOT_FOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.inject.Inject;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import kvit.ledger.Posting.Line;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.problem.Problem;
import kvit.problem.ProblemType;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.support.KvitTest;
import kvit.support.Race;
import kvit.support.Sql;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What the books allow, refuse and remember. */
@KvitTest
class LedgerTest {

    @Inject Ledger ledger;
    @Inject TestBooks books;
    @Inject Clock clock;
    @Inject Ids ids;

    @Test
    void movesMoneyAndWritesItDown() {
        var anna = books.wallet(10_00);
        var boris = books.wallet(0);

        assertThat(books.post(books.move(anna, boris, 4_00)).isPosted()).isTrue();

        assertThat(books.balance(anna)).isEqualTo(6_00);
        assertThat(books.balance(boris)).isEqualTo(4_00);
        var lines = ledger.entries(List.of(anna), new EntryQuery(null, null, null, 10));
        assertThat(lines).extracting(it -> it.amount().minor()).containsExactly(-4_00L, 10_00L);
        assertThat(lines)
                .extracting(it -> it.balanceAfter().minor())
                .containsExactly(6_00L, 10_00L);
        assertThat(lines).extracting(EntryView::sequence).containsExactly(2L, 1L);
    }

    /** One row per refusal, in the order of the enum; each row mends one fault of the row above. */
    @Test
    void answersTheFirstOfSeveralFaults() {
        var anna = books.wallet(10_00);
        var full = books.wallet(0);
        var original = books.move(anna, full, 1_00);
        books.post(original);
        books.reverse(original.id());
        var big = Money.MINOR_MAX;
        var settled = books.hold(anna, 1_00, null);
        books.release(anna, settled);
        var pending = books.hold(anna, 2_00, null);
        var world = Account.world(Currency.USD);

        assertRefused(posting(original.id(), new UUID(0, 0), anna, world, big), ALREADY_REVERSED);
        assertRefused(posting(null, new UUID(0, 0), anna, world, big), HOLD_NOT_FOUND);
        assertRefused(posting(null, settled, anna, world, big), HOLD_SETTLED);
        assertRefused(posting(null, pending, anna, world, big), CAPTURE_EXCEEDS_HOLD);
        assertRefused(posting(null, null, world, books.wallet(10_00), big), BALANCE_OUT_OF_RANGE);
        assertRefused(posting(null, null, anna, world, 8_01), INSUFFICIENT_FUNDS);
        assertThat(books.post(posting(null, null, anna, world, 8_00)).isPosted()).isTrue();
        assertThat(books.post(posting(null, pending, anna, world, 2_00)).isPosted()).isTrue();
        assertThat(books.balance(anna)).isZero();
    }

    private Posting posting(UUID reverses, UUID captures, Account from, Account to, long minor) {
        return new Posting(
                ids.next(),
                "test",
                clock.instant(),
                List.of(new Line(from, -minor), new Line(to, minor)),
                reverses,
                captures);
    }

    private void assertRefused(Posting posting, ProblemType type) {
        var refusal = books.post(posting).refusal();
        assertThat(refusal).as(type.code()).isNotNull();
        assertThat(refusal.type()).isEqualTo(type);
    }

    /**
     * Each posting of a list is decided on what the ones before it left, and a refused one is
     * nothing.
     */
    @Test
    void decidesAListInItsOrder() {
        var anna = books.wallet(5_00);
        var boris = books.wallet(0);
        var clara = books.wallet(0);

        var outcomes =
                books.post(
                        List.of(
                                books.move(boris, clara, 1_00),
                                books.move(anna, boris, 5_00),
                                books.move(anna, clara, 1),
                                books.move(boris, clara, 1_00)));

        assertThat(outcomes)
                .extracting(Outcome::isPosted)
                .containsExactly(false, true, false, true);
        assertThat(books.balance(anna)).isZero();
        assertThat(books.balance(boris)).isEqualTo(4_00);
        assertThat(books.balance(clara)).isEqualTo(1_00);
    }

    @Test
    void keepsCurrenciesApart() {
        var dollars = books.wallet(5_00);
        var euros = Account.wallet(dollars.owner(), Currency.EUR);
        var boris = books.wallet(0, Currency.EUR);

        var refusal = books.post(books.move(euros, boris, 1)).refusal();

        assertThat(refusal.type()).isEqualTo(INSUFFICIENT_FUNDS);
        assertThat(ledger.balances(dollars.owner())).hasSize(1);
    }

    @Test
    void postsOneCauseOnce() {
        var anna = books.wallet(5_00);
        var boris = books.wallet(0);
        var posting = books.move(anna, boris, 1_00);
        books.post(posting);

        assertThatThrownBy(() -> books.post(posting)).isInstanceOf(IllegalStateException.class);

        assertThat(books.balance(boris)).isEqualTo(1_00);
    }

    @Test
    void takesAPostingBackOnceAndLinksTheTwo() {
        var anna = books.wallet(5_00);
        var boris = books.wallet(0);
        var posting = books.move(anna, boris, 2_00);
        books.post(posting);

        var reversal = books.reverse(posting.id());

        assertThat(((Posting) reversal.move()).reverses()).isEqualTo(posting.id());
        assertThat(books.balance(anna)).isEqualTo(5_00);
        assertThat(books.balance(boris)).isZero();
        assertProblem(() -> books.reverse(posting.id()), ALREADY_REVERSED);
        assertProblem(() -> books.reverse(ids.next()), POSTING_NOT_FOUND);
    }

    @Test
    void doesNotTakeBackWhatIsSpent() {
        var anna = books.wallet(5_00);
        var boris = books.wallet(0);
        var posting = books.move(anna, boris, 2_00);
        books.post(posting);
        books.post(books.move(boris, books.wallet(0), 1));

        assertProblem(() -> books.reverse(posting.id()), INSUFFICIENT_FUNDS);
        assertThat(books.balance(boris)).isEqualTo(1_99);
    }

    /** L-11: each of a hundred postings reversed twice at the same moment. */
    @Test
    void reversesOnceHoweverManyTry() throws Exception {
        var anna = books.wallet(100_00);
        var boris = books.wallet(0);
        var postings = Stream.generate(() -> books.move(anna, boris, 1_00)).limit(100).toList();
        postings.forEach(books::post);

        var tasks =
                postings.stream()
                        .flatMap(it -> Stream.of(it, it))
                        .<Callable<Boolean>>map(it -> () -> reversed(it))
                        .toList();
        var reversed = Race.run(8, tasks);

        assertThat(reversed).filteredOn(it -> it).hasSize(100);
        assertThat(reversed).filteredOn(it -> !it).hasSize(100);
        assertThat(books.balance(anna)).isEqualTo(100_00);
    }

    private boolean reversed(Posting posting) {
        try {
            books.reverse(posting.id());
            return true;
        } catch (Problem e) {
            assertThat(e.type()).isEqualTo(ALREADY_REVERSED);
            return false;
        }
    }

    @Test
    void knowsABalanceAsOfAnyMoment() {
        var anna = books.wallet(0);
        var funded = books.post(fund(anna, 5_00)).at();
        var more = books.post(fund(anna, 2_00)).at();
        var spent = books.post(books.move(anna, books.wallet(0), 1_00)).at();

        assertThat(at(anna, funded.minusNanos(1_000))).isZero();
        assertThat(at(anna, funded)).isEqualTo(5_00);
        assertThat(at(anna, more.minusNanos(1_000))).isEqualTo(5_00);
        assertThat(at(anna, more)).isEqualTo(7_00);
        assertThat(at(anna, spent)).isEqualTo(6_00);
        assertThat(at(anna, spent.plus(Duration.ofDays(1)))).isEqualTo(6_00);
    }

    private Posting fund(Account account, long minor) {
        return Posting.funding(
                ids.next(), clock.instant(), account.owner(), new Money(minor, account.currency()));
    }

    private long at(Account account, Instant moment) {
        return ledger.balanceAt(account, moment).minor();
    }

    /** Replicas' clocks differ: a later entry is never written with an earlier time. */
    @Test
    void theTimeOfAnAccountNeverRunsBack() {
        var anna = books.wallet(5_00);
        Sql.run(
                "update account set moved_at = ? where id = ?",
                Timestamp.from(clock.instant().plusSeconds(60)),
                anna.id());

        var outcome = books.post(books.move(anna, books.wallet(0), 1));

        assertThat(outcome.at()).isAfter(clock.instant().plusSeconds(50));
    }

    private static void assertProblem(ThrowingCallable call, ProblemType type) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(Problem.class, it -> assertThat(it.type()).isEqualTo(type));
    }
}
