package kvit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import kvit.notice.NoticeSource;
import kvit.notice.Telling;
import kvit.notice.Told;

/** What people are told of their accounts; of a freeze not why, as nowhere. */
@ApplicationScoped
class AccountNotices implements NoticeSource {

    @Override
    public List<Telling<?>> tellings() {
        return List.of(
                Telling.one(
                        PinChanged.class,
                        it ->
                                new Told(
                                        it.customer(),
                                        it.isFirst() ? "pin.set" : "pin.changed",
                                        new AccountNotice(null))),
                Telling.one(
                        PinReset.class,
                        PinReset::customer,
                        "pin.reset",
                        it -> new AccountNotice(it.payoutsHeldUntil())),
                Telling.one(
                        CustomerFrozen.class,
                        CustomerFrozen::customer,
                        "customer.frozen",
                        it -> new AccountNotice(null)),
                Telling.one(
                        CustomerUnfrozen.class,
                        CustomerUnfrozen::customer,
                        "customer.unfrozen",
                        it -> new AccountNotice(null)));
    }
}
