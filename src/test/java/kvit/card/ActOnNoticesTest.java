package kvit.card;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.inject.Inject;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.source.Ids;
import kvit.support.KvitTest;
import kvit.support.Sql;
import org.junit.jupiter.api.Test;

/** Nothing that the processor tells is dropped, not even what nobody knows anything of. */
@KvitTest
class ActOnNoticesTest {

    @Inject Told told;
    @Inject Ids ids;

    @Test
    void whatIsAboutNothingOfOursWaitsForDaysAndIsKept() {
        var stranger =
                told.tell(
                        new Notice.Chargeback(
                                "of-nobody-" + ids.next(),
                                "d-" + ids.next(),
                                new Money(10_00, Currency.USD),
                                "fraudulent"));
        told.act(stranger);
        assertThat(Told.isWaiting(stranger)).isTrue();
        assertThat(Told.isStray(stranger)).isFalse();
        Sql.run(
                "update processor_notice_waiting set since = since - interval '73 hours' where id = ?",
                stranger.id());

        told.act(stranger);

        assertThat(Told.isWaiting(stranger)).isFalse();
        assertThat(Told.isStray(stranger)).isTrue();
    }
}
