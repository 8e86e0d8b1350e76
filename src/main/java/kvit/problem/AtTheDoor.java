package kvit.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/**
 * Refuses a request before anything of it is read, checked or parsed, with the same problem as
 * anywhere else: for what comes by the thousand, where all of that would be the load.
 */
@Singleton
public class AtTheDoor {

    private final ObjectMapper json;
    private final RequestIds requestIds;

    AtTheDoor(ObjectMapper json, RequestIds requestIds) {
        this.json = json;
        this.requestIds = requestIds;
    }

    /** Ends the exchange. */
    public void refuse(RoutingContext exchange, Problem problem) {
        var requestId = requestIds.of(exchange.request().getHeader(RequestIds.HEADER));
        var response = exchange.response();
        response.setStatusCode(problem.type().status())
                .putHeader(HttpHeaders.CONTENT_TYPE, ProblemBody.MEDIA_TYPE)
                .putHeader(RequestIds.HEADER, requestId);
        var retryAfter = problem.member(Problem.RETRY_AFTER);
        if (retryAfter != null) {
            response.putHeader(HttpHeaders.RETRY_AFTER, retryAfter.toString());
        }
        response.end(Buffer.buffer(write(ProblemBody.of(problem, requestId))));
    }

    private byte[] write(ProblemBody body) {
        try {
            return json.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem is a plain record", e);
        }
    }
}
