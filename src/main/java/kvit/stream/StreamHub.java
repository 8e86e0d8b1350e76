package kvit.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.UUID;
import kvit.identity.StillAdmitted;
import kvit.notice.Notice;
import kvit.notice.Notices;

/** Makes {@link Streams} of the service's parts, and has them begin and end with it. */
@ApplicationScoped
class StreamHub {

    private final Notices notices;
    private final ObjectWriter writer;
    private final Streams streams;

    StreamHub(
            Notices notices,
            StillAdmitted admitted,
            StreamConfig config,
            ObjectMapper json,
            MeterRegistry metrics) {
        this.notices = notices;
        this.writer = json.writerFor(NoticeView.class);
        this.streams =
                new Streams(
                        feed(notices),
                        admitted::end,
                        this::json,
                        config,
                        reason ->
                                metrics.counter("kvit.stream.ended", "reason", reason).increment());
        Gauge.builder("kvit.stream.open", streams, Streams::open)
                .description("Streams of notices that are open on this replica")
                .register(metrics);
    }

    Streams streams() {
        return streams;
    }

    void start(@Observes StartupEvent event) {
        notices.whenWritten(streams::wake);
        streams.start();
    }

    /** Before the requests under way are waited for: these would not end by themselves. */
    void stop(@Observes ShutdownDelayInitiatedEvent event) throws InterruptedException {
        streams.stop();
    }

    /** The same where there is no delay. */
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        streams.stop();
    }

    private String json(Notice notice) {
        try {
            return writer.writeValueAsString(NoticeView.of(notice));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a notice must be a plain record", e);
        }
    }

    private static Feed feed(Notices notices) {
        return new Feed() {
            @Override
            public List<Notice> after(long number, int atMost) {
                return notices.after(number, atMost);
            }

            @Override
            public List<Notice> of(UUID customer, long after, int atMost) {
                return notices.of(customer, after, atMost);
            }

            @Override
            public long last() {
                return notices.last();
            }

            @Override
            public long oldest() {
                return notices.oldest();
            }
        };
    }
}
