package kvit.stream;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import java.util.UUID;
import kvit.notice.Notice;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What one event says.
 *
 * @param id the same wherever this notice is delivered
 * @param type what has happened, such as {@code transfer.completed}
 * @param data what about
 */
record NoticeView(
        UUID id,
        String type,
        Instant at,
        @JsonRawValue @Schema(type = SchemaType.OBJECT) String data) {

    static NoticeView of(Notice notice) {
        return new NoticeView(notice.id(), notice.type(), notice.at(), notice.data());
    }
}
