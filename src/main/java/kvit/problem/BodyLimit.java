package kvit.problem;

import static kvit.problem.GeneralProblem.BODY_TOO_LARGE;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

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

    @Override
    public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        context.setInputStream(new Counted(context.getInputStream()));
        return context.proceed();
    }

    private static Problem tooLarge() {
        return BODY_TOO_LARGE.because("A body has at most 64 KB.");
    }

    private static class Counted extends FilterInputStream {

        private int read;

        Counted(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            var value = super.read();
            count(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            var count = super.read(buffer, offset, length);
            count(Math.max(count, 0));
            return count;
        }

        private void count(int more) {
            read += more;
            if (read > BYTES_MAX) {
                throw tooLarge();
            }
        }
    }
}
