package kvit.dispute;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Something that speaks for us in a dispute: a text, a file, or a file with a text.
 *
 * @param addedBy e-mail of the operator
 */
record Evidence(
        UUID id,
        UUID dispute,
        @Nullable String text,
        @Nullable File file,
        String addedBy,
        Instant addedAt) {

    /**
     * A file, small enough for a request.
     *
     * @param content in base64
     * @param size of the content, in bytes
     * @param sha256 of the content, in hex, by the database; null of one that is not stored yet
     */
    record File(String name, String mediaType, String content, int size, @Nullable String sha256) {}

    /**
     * As it is shown.
     *
     * @param sha256 of the file, in hex
     * @param content of the file in base64; absent in lists
     */
    @Schema(name = "EvidenceView")
    record View(
            UUID id,
            @Nullable String text,
            @Nullable String name,
            @Nullable String mediaType,
            @Nullable Integer size,
            @Nullable String sha256,
            String addedBy,
            Instant addedAt,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String content) {}

    View view(boolean withContent) {
        return new View(
                id,
                text,
                file == null ? null : file.name(),
                file == null ? null : file.mediaType(),
                file == null ? null : file.size(),
                file == null ? null : file.sha256(),
                addedBy,
                addedAt,
                file == null || !withContent ? null : file.content());
    }
}
