package kvit.notice;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kvit.outbox.Event;
import kvit.outbox.EventLog;
import kvit.source.Ids;

/** Makes notices of events. */
@ApplicationScoped
class Tellings {

    private final Map<String, Telling<?>> byTopic = new HashMap<>();
    private final ObjectMapper json;
    private final Ids ids;

    Tellings(@All List<NoticeSource> sources, ObjectMapper json, Ids ids) {
        this.json = json;
        this.ids = ids;
        for (var source : sources) {
            for (var telling : source.tellings()) {
                if (byTopic.put(telling.kind().getSimpleName(), telling) != null) {
                    throw new IllegalStateException("told twice: " + telling.kind());
                }
            }
        }
    }

    /**
     * Without their numbers, which they get when they are written.
     *
     * @throws JsonProcessingException where the event is not of its kind
     */
    List<Notice> of(EventLog.Stored event) throws JsonProcessingException {
        var telling = byTopic.get(event.topic());
        return telling == null ? List.of() : of(event, telling);
    }

    private <E extends Event> List<Notice> of(EventLog.Stored event, Telling<E> telling)
            throws JsonProcessingException {
        var told = telling.told().apply(json.readValue(event.payload(), telling.kind()));
        var notices = new Notice[told.size()];
        for (var i = 0; i < notices.length; i++) {
            var each = told.get(i);
            notices[i] =
                    new Notice(
                            0,
                            ids.next(),
                            each.customer(),
                            each.type(),
                            event.at(),
                            json.writeValueAsString(each.data()));
        }
        return List.of(notices);
    }
}
