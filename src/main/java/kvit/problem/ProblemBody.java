package kvit.problem;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Map;

/** The JSON of a problem: application/problem+json, RFC 9457. */
@JsonPropertyOrder({"type", "title", "status", "detail", "code", "requestId", "retryable"})
public record ProblemBody(
        String type,
        String title,
        int status,
        String detail,
        String code,
        String requestId,
        boolean retryable,
        @JsonAnyGetter Map<String, Object> members) {

    public static final String MEDIA_TYPE = "application/problem+json";

    public static ProblemBody of(Problem problem, String requestId) {
        var type = problem.type();
        return new ProblemBody(
                "/problems/" + type.code(),
                type.title(),
                type.status(),
                problem.detail(),
                type.code(),
                requestId,
                type.retryable(),
                problem.members());
    }
}
