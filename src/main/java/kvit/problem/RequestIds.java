package kvit.problem;

import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.util.regex.Pattern;
import kvit.source.Ids;
import org.jboss.logging.MDC;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/**
 * Gives each request the id that stands in its answer, in its problem and in every log line about
 * it.
 */
@Singleton
public class RequestIds {

    static final String HEADER = "Request-Id";
    private static final String MDC_KEY = "requestId";

    /** What a caller may choose: nothing that could forge a log line or a header. */
    private static final Pattern ACCEPTED = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final Ids ids;

    RequestIds(Ids ids) {
        this.ids = ids;
    }

    /** The id of the request at hand; work that no request asked for gets one of its own. */
    public String current() {
        var current = MDC.get(MDC_KEY);
        return current == null ? fresh() : current.toString();
    }

    /** What the caller has chosen where it may be used, and a new one otherwise. */
    String of(@Nullable String given) {
        return given != null && ACCEPTED.matcher(given).matches() ? given : fresh();
    }

    @ServerRequestFilter(preMatching = true, priority = 0)
    public void begin(ContainerRequestContext request) {
        MDC.put(MDC_KEY, of(request.getHeaderString(HEADER)));
    }

    @ServerResponseFilter
    public void end(ContainerResponseContext response) {
        response.getHeaders().putSingle(HEADER, current());
    }

    private String fresh() {
        return ids.next().toString();
    }
}
