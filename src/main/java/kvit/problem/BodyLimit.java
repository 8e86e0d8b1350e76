package kvit.problem;

import static kvit.problem.GeneralProblem.BODY_TOO_LARGE;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/**
 * Takes bodies of at most 64 KB. The server's own limit would cut the connection without a word;
 * this one answers with a problem, by the announced length, and by counting where none is
 * announced.
 */
@Provider
@PreMatching
public class BodyLimit implements ContainerRequestFilter, ReaderInterceptor {

    private static final int BYTES_MAX = 64 * 1024;

    @Override
    public void filter(ContainerRequestContext request) {
        if (request.getLength() > BYTES_MAX) {
            throw tooLarge();
        }
    }

    /**
     * Counted before it is parsed: of a large body nobody needs to hear that it is malformed, too.
     */
    @Override
    public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        var body = context.getInputStream().readNBytes(BYTES_MAX + 1);
        if (body.length > BYTES_MAX) {
            throw tooLarge();
        }
        context.setInputStream(new ByteArrayInputStream(body));
        return context.proceed();
    }

    private static Problem tooLarge() {
        return BODY_TOO_LARGE.because("A body has at most 64 KB.");
    }
}
