package kvit.problem;

import static kvit.problem.GeneralProblem.BODY_TOO_LARGE;

import io.quarkus.arc.All;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Takes bodies of at most 64 KB. The server's own limit would cut the connection without a word;
 * this one answers with a problem, by the announced length, and, where none is announced, by
 * counting in {@link BodyReader}.
 */
@Provider
@PreMatching
public class BodyLimit implements ContainerRequestFilter {

    private static final int BYTES_MAX = 64 * 1024;

    private final List<OwnBodyLimit> others;

    BodyLimit(@All List<OwnBodyLimit> others) {
        this.others = others;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        if (request.getLength() > BYTES_MAX && !isOther(request.getUriInfo().getPath())) {
            throw tooLarge();
        }
    }

    private boolean isOther(String path) {
        return others.stream().anyMatch(it -> it.covers(path));
    }

    /**
     * A whole body, where it is not JSON that {@link BodyReader} makes a parameter of.
     *
     * @throws Problem BODY_TOO_LARGE
     */
    public static byte[] read(InputStream body) throws IOException {
        // Counting takes 8 KB of room for the shortest body; what is in memory has its length.
        var read =
                body instanceof ByteArrayInputStream
                        ? body.readAllBytes()
                        : body.readNBytes(BYTES_MAX + 1);
        if (read.length > BYTES_MAX) {
            throw tooLarge();
        }
        return read;
    }

    private static Problem tooLarge() {
        return BODY_TOO_LARGE.because("A body has at most 64 KB.");
    }
}
