package kvit.paging;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import javax.crypto.SecretKey;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.source.Secrets;
import org.jspecify.annotations.Nullable;

/**
 * Names a place in a list. Signed together with the list it belongs to, so that a cursor can
 * neither be made up nor carried to another person's list or to other filters.
 */
@ApplicationScoped
public class Cursors {

    /**
     * 128 bits: half of an HMAC-SHA-256 is as good as the whole against forgery (RFC 2104, section
     * 5).
     */
    private static final int TAG_BYTES = 16;

    private final SecretKey key;

    Cursors(Secrets secrets) {
        this.key = secrets.keyFor("cursor");
    }

    /**
     * The cursor of a place.
     *
     * @param list everything that makes the list this list: whose, of what, with which filters
     */
    public String encode(String list, String position) {
        var bytes = position.getBytes(StandardCharsets.UTF_8);
        var cursor = Arrays.copyOf(bytes, bytes.length + TAG_BYTES);
        System.arraycopy(tag(list, bytes), 0, cursor, bytes.length, TAG_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(cursor);
    }

    /**
     * The place that a cursor names; empty without one.
     *
     * @throws Problem VALIDATION_FAILED when it is not a cursor of this list
     */
    public Optional<String> decode(String list, @Nullable String cursor) {
        if (cursor == null) {
            return Optional.empty();
        }
        try {
            var bytes = Base64.getUrlDecoder().decode(cursor);
            if (bytes.length > TAG_BYTES) {
                var position = Arrays.copyOf(bytes, bytes.length - TAG_BYTES);
                var tag = Arrays.copyOfRange(bytes, position.length, bytes.length);
                if (MessageDigest.isEqual(tag, tag(list, position))) {
                    return Optional.of(new String(position, StandardCharsets.UTF_8));
                }
            }
        } catch (IllegalArgumentException e) {
            throw foreign();
        }
        throw foreign();
    }

    /** Reads a part of a list; null for the beginning. */
    @FunctionalInterface
    public interface Part<T> {
        List<T> from(@Nullable UUID place, int atMost);
    }

    /**
     * One page of a list whose places are the ids of its items.
     *
     * @param list as with {@link #encode}
     * @throws Problem VALIDATION_FAILED
     */
    public <T> Page<T> page(
            String list, PageParameters parameters, Part<T> part, Function<T, UUID> id) {
        var place = decode(list, parameters.cursor()).map(UUID::fromString).orElse(null);
        var limit = parameters.limit();
        return Page.of(
                part.from(place, limit + 1),
                limit,
                last -> encode(list, id.apply(last).toString()));
    }

    private static Problem foreign() {
        return GeneralProblem.invalid("?cursor", "is not one of this list");
    }

    private byte[] tag(String list, byte[] position) {
        var mac = Secrets.hmac(key);
        mac.update((list + "\n").getBytes(StandardCharsets.UTF_8));
        return Arrays.copyOf(mac.doFinal(position), TAG_BYTES);
    }
}
