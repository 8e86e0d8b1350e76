package kvit.closing;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import kvit.notice.NoticeSource;
import kvit.notice.Telling;

/** What people are told when they leave; the end of it reaches their front ends only. */
@ApplicationScoped
class ClosingNotices implements NoticeSource {

    @Override
    public List<Telling<?>> tellings() {
        return List.of(
                Telling.one(
                        ClosingBegun.class,
                        ClosingBegun::customer,
                        "customer.closing",
                        it -> new ClosingNotice(it.closesAfter(), null)),
                Telling.one(
                        AccountClosed.class,
                        AccountClosed::customer,
                        "customer.closed",
                        it -> new ClosingNotice(null, it.closedAt())));
    }
}
