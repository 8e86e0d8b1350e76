package kvit.problem;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.resteasy.reactive.jackson.runtime.serialisers.ServerJacksonMessageBodyReader;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/**
 * Reads JSON as the framework does, of bodies that are not too large. A reader and not an
 * interceptor of readers, because for those the framework looks up the annotations of the parameter
 * and copies all headers, at each request.
 */
@Provider
@Consumes(MediaType.APPLICATION_JSON)
public class BodyReader extends ServerJacksonMessageBodyReader
        // Named once more, or the framework does not find out that this is a reader.
        implements MessageBodyReader<Object> {

    BodyReader(Instance<ObjectMapper> json) {
        super(json);
    }

    @Override
    public Object readFrom(
            Class<Object> type, Type genericType, MediaType mediaType, ServerRequestContext request)
            throws IOException {
        return read(type, genericType, mediaType, request.getInputStream());
    }

    @Override
    public Object readFrom(
            Class<Object> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, String> headers,
            InputStream body)
            throws IOException {
        return read(type, genericType, mediaType, body);
    }

    /**
     * Counted before it is parsed: of a large body nobody needs to hear that it is malformed, too.
     */
    private Object read(Class<Object> type, Type genericType, MediaType mediaType, InputStream body)
            throws IOException {
        var bytes = BodyLimit.read(body);
        return super.readFrom(
                type,
                genericType,
                new Annotation[0],
                mediaType,
                new MultivaluedHashMap<>(),
                new ByteArrayInputStream(bytes));
    }
}
