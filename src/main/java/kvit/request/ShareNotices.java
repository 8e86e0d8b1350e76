package kvit.request;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import kvit.notice.NoticeSource;
import kvit.notice.Telling;
import kvit.notice.Told;

/**
 * What is told of shares: to whoever was asked what is asked of them, to whoever asked what became
 * of it.
 */
@ApplicationScoped
class ShareNotices implements NoticeSource {

    @Override
    public List<Telling<?>> tellings() {
        return List.of(
                telling(ShareAsked.class, "request.asked"),
                telling(ShareRaised.class, "request.raised"),
                telling(ShareReminded.class, "request.reminded"),
                telling(ShareCancelled.class, "request.cancelled"),
                telling(SharePaid.class, "request.paid"),
                telling(ShareDeclined.class, "request.declined"));
    }

    private static <E extends ShareEvent> Telling<E> telling(Class<E> kind, String type) {
        return Telling.one(
                kind,
                it ->
                        new Told(
                                it.customer(),
                                type,
                                new ShareNotice(
                                        it.request(), it.share(), it.other(), it.amount())));
    }
}
