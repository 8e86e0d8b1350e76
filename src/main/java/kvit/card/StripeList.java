package kvit.card;

import static kvit.card.StripeApi.given;

import com.stripe.model.HasId;
import com.stripe.model.MetadataStore;
import com.stripe.model.StripeCollection;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what we have made at Stripe by reading a list, page by page. Stripe's search by
 * metadata would be one call, but it may lag by an hour and says so itself; lists are exact.
 */
final class StripeList {

    /** As many as Stripe gives at once. */
    static final long PAGE = 100;

    /** A list is read back to what is that much older than what is looked for. */
    private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);

    /** One page of a list: what comes after the one that is named, or the first. */
    @FunctionalInterface
    interface Pages<T extends HasId> {
        StripeCollection<T> after(@Nullable String last) throws StripeApi.Refused;
    }

    private StripeList() {}

    /**
     * The one with our id. Lists begin with the newest. Read by the page and not by the time alone,
     * because a sandbox's clock may be days ahead of Stripe's.
     *
     * @param created seconds of the epoch
     */
    static <T extends HasId & MetadataStore<T>> Optional<T> find(
            Operation operation, Pages<T> pages, Function<T, Long> created)
            throws StripeApi.Refused {
        var oldest = operation.since().minus(CLOCKS_DIFFER);
        Optional<String> last = Optional.empty();
        while (true) {
            var page = pages.after(last.orElse(null));
            var items = given(page.getData());
            for (var each : items) {
                if (isIt(each, operation)) {
                    return Optional.of(each);
                }
            }
            if (items.isEmpty() || !Boolean.TRUE.equals(page.getHasMore())) {
                return Optional.empty();
            }
            var end = items.get(items.size() - 1);
            if (Instant.ofEpochSecond(given(created.apply(end))).isBefore(oldest)) {
                return Optional.empty();
            }
            last = Optional.of(given(end.getId()));
        }
    }

    private static boolean isIt(MetadataStore<?> each, Operation operation) {
        var metadata = each.getMetadata();
        return metadata != null && operation.id().toString().equals(metadata.get(StripeApi.OUR_ID));
    }
}
