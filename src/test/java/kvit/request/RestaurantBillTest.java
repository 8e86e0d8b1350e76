package kvit.request;

import static kvit.support.TestPerson.money;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import kvit.card.Desk;
import kvit.ledger.Ledger;
import kvit.operate.Role;
import kvit.support.KvitTest;
import kvit.support.Phones;
import kvit.support.TestClock;
import kvit.support.TestOperator;
import kvit.support.TestPerson;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A bill from the asking to its end, in currencies of two, of no and of three digits: after each
 * step all of it is somewhere, to the last unit.
 */
@KvitTest
class RestaurantBillTest {

    /**
     * No seed serves it. Yen are taken there as well: Japan is where others find nothing served.
     */
    private static final String KUWAIT = "KW";

    private static final AtomicBoolean SERVED = new AtomicBoolean();

    @Inject Ledger ledger;

    @ParameterizedTest
    @CsvSource({
        "FR, EUR, 10001, 1429 1429 1429 1429 1429 1428 1428, 1668 1667 1667 1666 1666, 238",
        "KW, JPY, 1000, 334 333 333, 500, 166",
        "KW, KWD, 10000, 1429 1429 1429 1429 1428 1428 1428, 1668 1667 1666 1666 1666, 238"
    })
    void isDividedPaidDeclinedDividedAgainRemindedOfAndStopped(
            String country,
            String currency,
            int amount,
            String divided,
            String dividedAgain,
            int mine) {
        if (country.equals(KUWAIT)) {
            serveKuwait();
        }
        var anna = somebodyIn(country);
        var amounts = numbers(divided);
        var payers = new ArrayList<TestPerson>();
        for (var each : amounts) {
            var payer = somebodyIn(country);
            payer.fund(2L * each, currency);
            payers.add(payer);
        }

        var bill = Bill.of(Map.of("amount", money(amount, currency)), anna, payers);
        assertThat(bill.amounts()).isEqualTo(amounts);
        assertSums(bill, amount, 0, 0, 0);

        // In part.
        bill.pay(0).statusCode(201).body("amount.minor", equalTo(amounts.get(0)));
        assertSums(bill, amount - amounts.get(0), amounts.get(0), 0, 0);

        bill.decline(1).statusCode(200);
        bill.divide(1, true).statusCode(200);
        var again = numbers(dividedAgain);
        assertThat(bill.amounts().subList(2, amounts.size())).isEqualTo(again);
        assertSums(bill, amount - amounts.get(0) - mine, amounts.get(0), 0, mine);

        bill.remind(2).statusCode(200).body("shares[2].remindedAt", notNullValue());
        bill.remind(2).statusCode(429).body("code", equalTo("reminder-too-soon"));

        var paid = amounts.get(0);
        if (again.size() > 1) {
            bill.pay(2).statusCode(201).body("amount.minor", equalTo(again.get(0)));
            paid += again.get(0);
            assertSums(bill, amount - paid - mine, paid, 0, mine);
        }
        bill.cancel().statusCode(200).body("state", equalTo("cancelled"));
        assertSums(bill, 0, paid, amount - paid - mine, mine);
        bill.pay(amounts.size() - 1).statusCode(422).body("code", equalTo("share-not-open"));
        assertThat(anna.balance(currency)).isEqualTo((long) paid);
        assertThat(ledger.books().findings()).isEmpty();
    }

    /** Old enough wherever it is asked. */
    private static TestPerson somebodyIn(String country) {
        var person = TestPerson.signIn(Phones.next(country));
        Desk.patch(person, Map.of("birthDate", "1990-05-17"));
        return person;
    }

    private static void assertSums(Bill bill, int open, int paid, int cancelled, int mine) {
        bill.seen()
                .body("sums.open.minor", equalTo(open))
                .body("sums.paid.minor", equalTo(paid))
                .body("sums.cancelled.minor", equalTo(cancelled))
                .body("sums.mine.minor", equalTo(mine))
                .body("amount.minor", equalTo(open + paid + cancelled + mine));
    }

    private static List<Integer> numbers(String text) {
        return Arrays.stream(text.split(" ")).map(Integer::valueOf).toList();
    }

    /** As two operators begin with a country: it is open, and what is bounded has bounds. */
    private static void serveKuwait() {
        if (SERVED.getAndSet(true)) {
            return;
        }
        serve(KUWAIT, TestOperator.with(Role.ADMIN), TestOperator.with(Role.APPROVER));
        // They take effect seconds after they were published.
        TestClock.advance(Duration.ofSeconds(10));
    }

    static void serve(String country, TestOperator admin, TestOperator approver) {
        var there = Map.<String, Object>of("countries", List.of(country));
        var rules = new ArrayList<Map<String, Object>>();
        rules.add(rule("country/" + country, "COUNTRY", there, Map.of()));
        rules.add(rule("corridor/" + country, "CORRIDOR", among(country), Map.of()));
        rules.add(rule("age/" + country, "AGE", there, Map.of("age", 18)));
        rules.add(
                rule("limit/" + country, "LIMIT", there, Map.of("window", "PT24H", "count", 100)));
        for (var currency : List.of("KWD", "JPY")) {
            var name = country + "-" + currency;
            var paid = Map.of("countries", List.of(country), "currencies", List.of(currency));
            rules.add(rule("currency/" + name, "CURRENCY", paid, Map.of()));
            rules.add(rule("amount/" + name, "AMOUNT", paid, Map.of("max", 1_000_000)));
        }
        for (var rule : rules) {
            var proposed = Map.of("rule", rule, "reason", "To divide bills there.");
            String approval =
                    admin.post("/v1/admin/rules", proposed).statusCode(202).extract().path("id");
            approver.approve(approval).statusCode(200);
        }
    }

    private static Map<String, Object> among(String country) {
        return Map.of("countries", List.of(country), "counterparties", List.of(country));
    }

    /** One that allows; with a condition one that refuses what is beyond it. */
    private static Map<String, Object> rule(
            String id, String kind, Map<String, ?> subject, Map<String, Object> condition) {
        var rule = new HashMap<String, Object>();
        rule.put("id", id);
        rule.put("kind", kind);
        rule.put("effect", condition.isEmpty() ? "ALLOW" : "DENY");
        rule.put("subject", subject);
        rule.put("validFrom", "2020-01-01T00:00");
        rule.put("zone", "UTC");
        rule.put("legalReference", "A test.");
        if (!condition.isEmpty()) {
            rule.put("condition", condition);
            rule.put("texts", Map.of("en", "No.", "fr", "Non.", "ru", "Нет."));
        }
        return rule;
    }
}
