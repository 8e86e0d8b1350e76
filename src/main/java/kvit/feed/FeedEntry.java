package kvit.feed;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import kvit.identity.PersonView;
import kvit.identity.Visibility;
import org.jspecify.annotations.Nullable;

/**
 * That somebody has paid somebody. There is no amount in it, nor anything that one could be told
 * by.
 *
 * @param id of the transfer, which is its two parties' to look at
 * @param visibility who sees it
 * @param at when the money changed hands
 */
record FeedEntry(
        UUID id,
        PersonView payer,
        PersonView payee,
        @Nullable String note,
        Visibility visibility,
        Instant at) {

    /** As it is stored. */
    record Row(
            UUID id,
            UUID payer,
            UUID payee,
            @Nullable String note,
            Visibility visibility,
            Instant at) {}

    static FeedEntry of(Row row, Map<UUID, PersonView> people) {
        return new FeedEntry(
                row.id(),
                Objects.requireNonNull(people.get(row.payer())),
                Objects.requireNonNull(people.get(row.payee())),
                row.note(),
                row.visibility(),
                row.at());
    }
}
