package kvit.topup;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import kvit.notice.NoticeSource;
import kvit.notice.Telling;

/** What the owners of top-ups are told. */
@ApplicationScoped
class TopUpNotices implements NoticeSource {

    @Override
    public List<Telling<?>> tellings() {
        return List.of(
                Telling.one(
                        TopUpCompleted.class,
                        TopUpCompleted::customer,
                        "top_up.completed",
                        it ->
                                new TopUpNotice(
                                        it.topUp(),
                                        it.card(),
                                        it.amount(),
                                        it.completedAt(),
                                        null)),
                Telling.one(
                        TopUpDeclined.class,
                        TopUpDeclined::customer,
                        "top_up.declined",
                        it ->
                                new TopUpNotice(
                                        it.topUp(),
                                        it.card(),
                                        it.amount(),
                                        null,
                                        it.declineCode())));
    }
}
