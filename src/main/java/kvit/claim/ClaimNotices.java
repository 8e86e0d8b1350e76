package kvit.claim;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;
import kvit.notice.NoticeSource;
import kvit.notice.Telling;
import kvit.notice.Told;

/** What customers are told of their claims. */
@ApplicationScoped
class ClaimNotices implements NoticeSource {

    @Override
    public List<Telling<?>> tellings() {
        return List.of(
                Telling.one(
                        ClaimChanged.class,
                        it ->
                                new Told(
                                        it.customer(),
                                        "claim." + it.step().name().toLowerCase(Locale.ROOT),
                                        new ClaimNotice(
                                                it.claim(), it.transfer(), it.amount(), it.at()))));
    }
}
