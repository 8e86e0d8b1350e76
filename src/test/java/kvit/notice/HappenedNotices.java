package kvit.notice;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;

/** What the two people of a {@link Happened} are told. */
@ApplicationScoped
class HappenedNotices implements NoticeSource {

    static final int NOBODY = -1;

    @Override
    public List<Telling<?>> tellings() {
        return List.of(new Telling<>(Happened.class, HappenedNotices::told));
    }

    private static List<Told> told(Happened event) {
        if (event.number() == NOBODY) {
            throw new IllegalArgumentException("a bug");
        }
        var data = Map.of("number", event.number());
        return List.of(
                new Told(event.first(), "test.happened", data),
                new Told(event.second(), "test.witnessed", data));
    }
}
