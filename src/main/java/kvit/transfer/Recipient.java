package kvit.transfer;

import java.util.UUID;
import kvit.identity.People;
import kvit.identity.Person;
import kvit.identity.Sight;
import kvit.identity.Stranger;
import org.jspecify.annotations.Nullable;

/**
 * Whom money is for: a customer, or whoever will prove to have a phone.
 *
 * @param person of a phone that is nobody's, what the number tells
 * @param phone E.164, where it is nobody's; null of a customer
 */
record Recipient(Person person, @Nullable String phone) {

    /** Null where nobody is named, and nobody could be reached by that name. */
    static @Nullable Recipient of(Attempt<SendMoney.Order> attempt, Sight known, People people) {
        var customer = SendMoney.payee(attempt, known);
        return customer != null
                ? new Recipient(customer, null)
                : people.stranger(attempt.order().payee()).map(Recipient::of).orElse(null);
    }

    private static Recipient of(Stranger stranger) {
        return new Recipient(stranger.person(), stranger.phone());
    }

    static @Nullable Person personOf(@Nullable Recipient recipient) {
        return recipient == null ? null : recipient.person();
    }

    /** Null while nobody is known to be it. */
    static @Nullable UUID idOf(@Nullable Recipient recipient) {
        return recipient == null || recipient.phone() != null ? null : recipient.person().id();
    }

    static @Nullable String phoneOf(@Nullable Recipient recipient) {
        return recipient == null ? null : recipient.phone();
    }
}
