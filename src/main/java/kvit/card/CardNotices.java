package kvit.card;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import kvit.notice.NoticeSource;
import kvit.notice.Telling;

/** What the owners of cards are told. */
@ApplicationScoped
class CardNotices implements NoticeSource {

    @Override
    public List<Telling<?>> tellings() {
        return List.of(
                Telling.one(
                        CardActivated.class,
                        CardActivated::customer,
                        "card.activated",
                        it -> new CardNotice(it.card(), null)),
                Telling.one(
                        CardRemoved.class,
                        CardRemoved::customer,
                        "card.removed",
                        it -> new CardNotice(it.card(), it.reason())));
    }
}
