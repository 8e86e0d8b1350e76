package kvit.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.support.Sql;

/** Notices as if the simulator had told them. */
@Singleton
public class Told {

    private final Notices notices;
    private final ActOnNotices actOnNotices;
    private final Clock clock;
    private final Ids ids;

    Told(Notices notices, ActOnNotices actOnNotices, Clock clock, Ids ids) {
        this.notices = notices;
        this.actOnNotices = actOnNotices;
        this.clock = clock;
        this.ids = ids;
    }

    public Notice.Delivery tell(Notice notice) {
        return tell(notice, clock.instant());
    }

    /** As of something that happened then. */
    public Notice.Delivery tell(Notice notice, Instant at) {
        var delivery = new Notice.Delivery(Simulator.NAME, ids.next().toString(), at, notice);
        assertThat(notices.take(delivery)).isTrue();
        return delivery;
    }

    public void act(Notice.Delivery notice) {
        actOnNotices.act(notice);
    }

    /** The service's own worker may be at it. */
    public void actUntilDone(Notice.Delivery notice) {
        await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> {
                            actOnNotices.act(notice);
                            return !isWaiting(notice);
                        });
    }

    public static boolean isWaiting(Notice.Delivery notice) {
        return !Sql.column("select id from processor_notice_waiting where id = ?", notice.id())
                .isEmpty();
    }

    public static boolean isStray(Notice.Delivery notice) {
        return !Sql.column("select id from processor_notice_stray where id = ?", notice.id())
                .isEmpty();
    }
}
