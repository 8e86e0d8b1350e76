package kvit.request;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import kvit.identity.Person;
import kvit.identity.PersonView;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * A request as one of those sees it whom it concerns: its asker all of it; somebody who is asked
 * what they are to pay themselves, and of the others who has paid, without amounts.
 *
 * @param amount all of it
 * @param sums how far it is; to its asker only
 */
record RequestView(
        UUID id,
        RequestState state,
        PersonView asker,
        Money amount,
        Split split,
        @Nullable String note,
        @Nullable String conversation,
        Instant createdAt,
        @Nullable Instant endedAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Sums sums,
        List<ShareView> shares) {

    /**
     * What has become of the amount; together they are all of it.
     *
     * @param open what may still be paid, or is being paid at the moment
     * @param declined what was, and was divided among nobody
     * @param mine what the asker bears
     */
    record Sums(Money paid, Money open, Money declined, Money cancelled, Money mine) {

        static Sums of(Request request) {
            return new Sums(
                    request.sum(ShareState.PAID),
                    request.sum(ShareState.OPEN, ShareState.PAYING),
                    request.sum(ShareState.DECLINED),
                    request.sum(ShareState.CANCELLED),
                    request.sum(ShareState.OWN));
        }
    }

    /**
     * What one person is asked for.
     *
     * @param amount null in the eyes of others who are asked
     * @param transferId what has paid it, or is about to; to its payer and to the asker
     * @param remindedAt when last; to the asker only
     * @param remindsAt when they will be by themselves; to the asker only
     */
    record ShareView(
            UUID id,
            PersonView payer,
            ShareState state,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Money amount,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable UUID transferId,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant remindedAt,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant remindsAt) {}

    static RequestView of(Request request, UUID viewer, Map<UUID, Person> people) {
        var isAsker = request.isAskedBy(viewer);
        return new RequestView(
                request.id(),
                request.state(),
                person(request.asker(), people),
                request.amount(),
                request.split(),
                request.note(),
                request.conversation(),
                request.createdAt(),
                request.endedAt(),
                isAsker ? Sums.of(request) : null,
                request.asked().stream().map(it -> share(it, viewer, isAsker, people)).toList());
    }

    private static ShareView share(
            Share share, UUID viewer, boolean isAsker, Map<UUID, Person> people) {
        var isOwn = share.payer().equals(viewer);
        return new ShareView(
                share.id(),
                person(share.payer(), people),
                share.state(),
                isAsker || isOwn ? share.amount() : null,
                transfer(share, isAsker, isOwn),
                isAsker ? share.remindedAt() : null,
                isAsker && share.state().isUnsettled() ? share.remindAt() : null);
    }

    /** One that waits is its payer's alone, as every transfer is. */
    private static @Nullable UUID transfer(Share share, boolean isAsker, boolean isOwn) {
        return isOwn || (isAsker && share.state() == ShareState.PAID) ? share.transfer() : null;
    }

    private static PersonView person(UUID id, Map<UUID, Person> people) {
        var person = people.get(id);
        return person == null ? new PersonView(id, null, null) : person.view();
    }
}
