package kvit.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import kvit.support.KvitTest;
import kvit.support.TestPerson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sending money, from the outside: HTTP in, HTTP out, and the balances afterwards. */
@KvitTest
class TransferTest {

    TestPerson anna;
    TestPerson boris;

    @BeforeEach
    void twoPeople() {
        anna = TestPerson.with(10_00, "USD");
        boris = TestPerson.fresh();
    }

    @Test
    void movesTheMoney() {
        anna.send(boris, 4_00, "USD", "k").statusCode(201).body("amount.minor", equalTo(4_00));

        assertThat(anna.balance("USD")).isEqualTo(6_00);
        assertThat(boris.balance("USD")).isEqualTo(4_00);
    }
}
