package kvit.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import kvit.ledger.LedgerProblem;
import kvit.operate.OperateProblem;
import kvit.operate.Role;
import kvit.problem.GeneralProblem;
import kvit.problem.ProblemType;
import kvit.source.Clock;
import kvit.support.KvitTest;
import kvit.support.TestOperator;
import kvit.support.TestPerson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Of several faults in one request of those who keep the books the first in the order of problems
 * is answered: each row repairs one fault of the row above, until there is none.
 */
@KvitTest
class BooksRefusalOrderTest {

    private static final String LEDGER = "/v1/admin/ledger";

    private enum AdjustmentFault {
        CALLER_IS_AN_APPROVER(GeneralProblem.FORBIDDEN),
        REASON_MISSING(GeneralProblem.VALIDATION_FAILED),
        DAY_IS_TO_COME(GeneralProblem.VALIDATION_FAILED),
        ACCOUNT_FOLLOWS_OTHERS(GeneralProblem.VALIDATION_FAILED),
        WALLET_IS_NOBODYS(BooksProblem.ACCOUNT_NOT_FOUND),
        SIDES_DIFFER(BooksProblem.POSTING_UNBALANCED),
        DAY_IS_CLOSED(BooksProblem.PERIOD_CLOSED);

        final ProblemType answer;

        AdjustmentFault(ProblemType answer) {
            this.answer = answer;
        }
    }

    private enum ReversalFault {
        CALLER_IS_AN_APPROVER(GeneralProblem.FORBIDDEN),
        REASON_MISSING(GeneralProblem.VALIDATION_FAILED),
        POSTING_IS_NONE(LedgerProblem.POSTING_NOT_FOUND),
        IS_NOT_BY_HAND(BooksProblem.POSTING_NOT_REVERSIBLE),
        IS_REVERSED(LedgerProblem.ALREADY_REVERSED),
        IS_ASKED_FOR(OperateProblem.APPROVAL_PENDING);

        final ProblemType answer;

        ReversalFault(ProblemType answer) {
            this.answer = answer;
        }
    }

    private enum ClosingFault {
        CALLER_IS_AN_APPROVER(GeneralProblem.FORBIDDEN),
        REASON_MISSING(GeneralProblem.VALIDATION_FAILED),
        DAY_IS_NONE(GeneralProblem.VALIDATION_FAILED),
        DAY_IS_CLOSED(BooksProblem.PERIOD_CLOSED),
        DAY_IS_NOT_OVER(BooksProblem.PERIOD_NOT_OVER);

        final ProblemType answer;

        ClosingFault(ProblemType answer) {
            this.answer = answer;
        }
    }

    private enum ReopeningFault {
        CALLER_IS_AN_APPROVER(GeneralProblem.FORBIDDEN),
        REASON_MISSING(GeneralProblem.VALIDATION_FAILED),
        DAY_IS_OPEN(BooksProblem.PERIOD_NOT_CLOSED),
        IS_ASKED_FOR(OperateProblem.APPROVAL_PENDING);

        final ProblemType answer;

        ReopeningFault(ProblemType answer) {
            this.answer = answer;
        }
    }

    private enum ReadingFault {
        CALLER_IS_SUPPORT(GeneralProblem.FORBIDDEN),
        PARAMETER_IS_NONE(GeneralProblem.VALIDATION_FAILED),
        OTHERS_READ(BooksProblem.BOOKS_BUSY);

        final ProblemType answer;

        ReadingFault(ProblemType answer) {
            this.answer = answer;
        }
    }

    @Inject Clock clock;
    @Inject WholeBooks wholeBooks;
    @Inject BooksConfig config;

    private TestOperator finance;
    private TestOperator approver;
    private TestPerson anna;
    private LocalDate closed;

    @BeforeEach
    void signIn() {
        finance = TestOperator.with(Role.FINANCE);
        approver = TestOperator.with(Role.APPROVER);
        anna = TestPerson.with(10_00, "GBP");
        // Over for an hour at least, and closed by now or before.
        closed = LocalDate.ofInstant(clock.instant().minus(Duration.ofHours(25)), ZoneOffset.UTC);
        finance.post(period(closed) + "/closing", reason());
        finance.get(period(closed)).body("closed", equalTo(true));
    }

    private static String period(Object day) {
        return LEDGER + "/periods/" + day;
    }

    private static Map<String, Object> reason() {
        return new HashMap<>(Map.of("reason", "It was booked wrongly."));
    }

    private static void assertRefused(ValidatableResponse answer, ProblemType problem) {
        answer.statusCode(problem.status()).body("code", equalTo(problem.code()));
    }

    private static Map<String, Object> line(String kind, UUID owner, String side, long minor) {
        var line = new HashMap<String, Object>();
        line.put("kind", kind);
        line.put("owner", owner);
        line.put("side", side);
        line.put("amount", TestPerson.money(minor, "GBP"));
        return line;
    }

    @Test
    void refusesAnAdjustmentForTheFirstFaultInTheOrderOfProblems() {
        for (var first : AdjustmentFault.values()) {
            assertRefused(
                    adjust(EnumSet.range(first, AdjustmentFault.DAY_IS_CLOSED)), first.answer);
        }
        // What the books allow is asked when it is approved.
        var id = adjust(Set.of()).statusCode(202).extract().<String>path("id");
        assertRefused(approver.approve(id), LedgerProblem.INSUFFICIENT_FUNDS);
    }

    private ValidatableResponse adjust(Set<AdjustmentFault> faults) {
        var body = reason();
        if (faults.contains(AdjustmentFault.REASON_MISSING)) {
            body.remove("reason");
        }
        if (faults.contains(AdjustmentFault.DAY_IS_TO_COME)) {
            body.put("effectiveOn", "2999-01-01");
        } else if (faults.contains(AdjustmentFault.DAY_IS_CLOSED)) {
            body.put("effectiveOn", closed.toString());
        }
        var owner =
                faults.contains(AdjustmentFault.WALLET_IS_NOBODYS) ? UUID.randomUUID() : anna.id();
        body.put(
                "lines",
                List.of(
                        line("WALLET", owner, "debit", 10_01),
                        line(
                                faults.contains(AdjustmentFault.ACCOUNT_FOLLOWS_OTHERS)
                                        ? "CARD_CLEARING"
                                        : "FEES",
                                null,
                                "credit",
                                faults.contains(AdjustmentFault.SIDES_DIFFER) ? 1 : 10_01)));
        var caller = faults.contains(AdjustmentFault.CALLER_IS_AN_APPROVER) ? approver : finance;
        return caller.post(LEDGER + "/postings", body);
    }

    @Test
    void refusesAReversalForTheFirstFaultInTheOrderOfProblems() {
        for (var first : ReversalFault.values()) {
            assertRefused(reverse(EnumSet.range(first, ReversalFault.IS_ASKED_FOR)), first.answer);
        }
        reverse(Set.of()).statusCode(202);
    }

    /** Of a posting of its own. */
    private ValidatableResponse reverse(Set<ReversalFault> faults) {
        var byHand = byHand();
        var path = LEDGER + "/postings/%s/reversal";
        if (faults.contains(ReversalFault.IS_ASKED_FOR)
                || faults.contains(ReversalFault.IS_REVERSED)) {
            var id =
                    finance.post(path.formatted(byHand), reason())
                            .statusCode(202)
                            .extract()
                            .<String>path("id");
            if (faults.contains(ReversalFault.IS_REVERSED)) {
                approver.approve(id).statusCode(200);
            }
        }
        var posting =
                faults.contains(ReversalFault.POSTING_IS_NONE)
                        ? UUID.randomUUID().toString()
                        : faults.contains(ReversalFault.IS_NOT_BY_HAND) ? funding() : byHand;
        var caller = faults.contains(ReversalFault.CALLER_IS_AN_APPROVER) ? approver : finance;
        return caller.post(
                path.formatted(posting),
                faults.contains(ReversalFault.REASON_MISSING) ? Map.of() : reason());
    }

    private String byHand() {
        var body = reason();
        body.put(
                "lines",
                List.of(line("LOSSES", null, "debit", 1), line("WALLET", anna.id(), "credit", 1)));
        var asked = finance.post(LEDGER + "/postings", body).statusCode(202).extract().jsonPath();
        approver.approve(asked.getString("id")).statusCode(200);
        return asked.getString("payload.posting");
    }

    private String funding() {
        String account =
                finance.get(LEDGER + "/accounts?currency=GBP&owner=" + anna.id())
                        .extract()
                        .path("items[0].id");
        return finance.get(LEDGER + "/accounts/" + account + "/entries")
                .extract()
                .path("items[0].posting");
    }

    @Test
    void refusesAClosingForTheFirstFaultInTheOrderOfProblems() {
        for (var first : ClosingFault.values()) {
            assertRefused(close(EnumSet.range(first, ClosingFault.DAY_IS_NOT_OVER)), first.answer);
        }
    }

    private ValidatableResponse close(Set<ClosingFault> faults) {
        var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        var day =
                faults.contains(ClosingFault.DAY_IS_NONE)
                        ? "2026-02-30"
                        : faults.contains(ClosingFault.DAY_IS_CLOSED) ? closed : today;
        var caller = faults.contains(ClosingFault.CALLER_IS_AN_APPROVER) ? approver : finance;
        return caller.post(
                period(day) + "/closing",
                faults.contains(ClosingFault.REASON_MISSING) ? Map.of() : reason());
    }

    @Test
    void refusesAReopeningForTheFirstFaultInTheOrderOfProblems() {
        var asked = finance.post(period(closed) + "/reopening", reason()).statusCode(202);
        try {
            for (var first : ReopeningFault.values()) {
                assertRefused(
                        reopen(EnumSet.range(first, ReopeningFault.IS_ASKED_FOR)), first.answer);
            }
        } finally {
            finance.post(
                    "/v1/admin/approvals/" + asked.extract().path("id") + "/rejection", Map.of());
        }
    }

    private ValidatableResponse reopen(Set<ReopeningFault> faults) {
        var day =
                faults.contains(ReopeningFault.DAY_IS_OPEN)
                        ? LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC)
                        : closed;
        var caller = faults.contains(ReopeningFault.CALLER_IS_AN_APPROVER) ? approver : finance;
        return caller.post(
                period(day) + "/reopening",
                faults.contains(ReopeningFault.REASON_MISSING) ? Map.of() : reason());
    }

    @Test
    void refusesToReadTheWholeForTheFirstFaultInTheOrderOfProblems() throws Exception {
        for (var it :
                Map.of(
                                WholeBooks.Use.EXPORT, "/exports/postings?to=2001-01-01&format=",
                                WholeBooks.Use.VERIFICATION, "/verification?head=",
                                WholeBooks.Use.TRIAL_BALANCE, "/exports/trial-balance?format=")
                        .entrySet()) {
            for (var first : ReadingFault.values()) {
                var faults = EnumSet.range(first, ReadingFault.OTHERS_READ);
                occupying(
                        it.getKey(),
                        () -> {
                            assertRefused(read(it.getValue(), faults), first.answer);
                            return true;
                        });
            }
            read(it.getValue(), Set.of()).statusCode(200);
        }
        assertRefused(finance.get(LEDGER + "/exports/secrets?format=x"), GeneralProblem.NOT_FOUND);
    }

    private ValidatableResponse read(String path, Set<ReadingFault> faults) {
        var wrong = faults.contains(ReadingFault.PARAMETER_IS_NONE);
        var right = path.contains("head") ? path.replace("?head=", "") : path + "csv";
        var caller =
                faults.contains(ReadingFault.CALLER_IS_SUPPORT)
                        ? TestOperator.with(Role.SUPPORT)
                        : finance;
        return caller.get(LEDGER + (wrong ? path + "x" : right));
    }

    /** While as many read as may. */
    private void occupying(WholeBooks.Use use, Callable<Boolean> work) throws Exception {
        var begun = new CountDownLatch(config.readsAtOnce());
        var over = new CountDownLatch(1);
        var pool = Executors.newFixedThreadPool(config.readsAtOnce());
        try {
            var readers = new ArrayList<Callable<Boolean>>();
            for (var i = 0; i < config.readsAtOnce(); i++) {
                readers.add(
                        () ->
                                wholeBooks.reading(
                                        use,
                                        Duration.ofSeconds(5),
                                        Duration.ofSeconds(20),
                                        it -> {
                                            begun.countDown();
                                            return await(over);
                                        }));
            }
            readers.forEach(pool::submit);
            assertThat(await(begun)).isTrue();
            work.call();
        } finally {
            over.countDown();
            pool.shutdown();
            assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
