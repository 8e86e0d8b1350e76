package kvit.request;

import static kvit.support.TestPerson.money;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
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
        var anna = TestPerson.signIn(Phones.next(country));
        var amounts = numbers(divided);
        var payers = new ArrayList<TestPerson>();
        for (var each : amounts) {
            var payer = TestPerson.signIn(Phones.next(country));
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
        assertThat(anna.balance(currency)).isEqualTo(paid);
        assertThat(ledger.books().findings()).isEmpty();
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

    /** As two operators begin with a country. */
    private static void serveKuwait() {
        if (SERVED.getAndSet(true)) {
            return;
        }
        var countries = List.of(KUWAIT);
        publish("country/KW", "COUNTRY", Map.of("countries", countries));
        publish(
                "corridor/KW-KW",
                "CORRIDOR",
                Map.of("countries", countries, "counterparties", countries));
        publish(
                "currency/KW",
                "CURRENCY",
                Map.of("countries", countries, "currencies", List.of("KWD", "JPY")));
        // They take effect seconds after they were published.
        TestClock.advance(Duration.ofSeconds(10));
    }

    private static void publish(String id, String kind, Map<String, Object> subject) {
        var rule =
                Map.of(
                        "id",
                        id,
                        "kind",
                        kind,
                        "effect",
                        "ALLOW",
                        "subject",
                        subject,
                        "validFrom",
                        "2020-01-01T00:00",
                        "zone",
                        "UTC",
                        "legalReference",
                        "A test.");
        String approval =
                TestOperator.with(Role.ADMIN)
                        .post(
                                "/v1/admin/rules",
                                Map.of("rule", rule, "reason", "To divide bills there."))
                        .statusCode(202)
                        .extract()
                        .path("id");
        TestOperator.with(Role.APPROVER).approve(approval).statusCode(200);
    }
}
