package kvit.notice;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kvit.outbox.Event;
import kvit.outbox.EventLog;
import kvit.source.Ids;

/** Makes notices of events. */
@ApplicationScoped
class Tellings {

    /** How the events of a topic are read, and what is told of them. */
    private record Kind<E extends Event>(ObjectReader reader, Telling<E> telling) {

        List<Told> told(String payload) throws JsonProcessingException {
            return telling.told().apply(reader.readValue(payload));
        }
    }

    private final Map<String, Kind<?>> kinds = new HashMap<>();
    private final ObjectWriter writer;
    private final Ids ids;

    Tellings(@All List<NoticeSource> sources, ObjectMapper json, Ids ids) {
        this.writer = json.writer();
        this.ids = ids;
        // A newer replica's events may have more components.
        var reader = json.reader().without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        for (var source : sources) {
            for (var telling : source.tellings()) {
                add(reader.forType(telling.kind()), telling);
            }
        }
    }

    private <E extends Event> void add(ObjectReader reader, Telling<E> telling) {
        if (kinds.put(telling.kind().getSimpleName(), new Kind<>(reader, telling)) != null) {
            throw new IllegalStateException("told twice: " + telling.kind());
        }
    }

    /**
     * Whom an event concerns, and what they are told.
     *
     * @throws JsonProcessingException where the event is not of its kind
     */
    List<Told> of(EventLog.Stored event) throws JsonProcessingException {
        var kind = kinds.get(event.topic());
        return kind == null ? List.of() : kind.told(event.payload());
    }

    /** Without its number, which it gets when it is written. */
    Notice notice(Told told, Instant at) {
        return new Notice(0, ids.next(), told.customer(), told.type(), at, json(told.data()));
    }

    private String json(Object data) {
        try {
            return writer.writeValueAsString(data);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what is told must be a plain record", e);
        }
    }
}
