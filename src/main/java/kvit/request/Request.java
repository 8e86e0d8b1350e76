package kvit.request;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * Money that somebody asks others for.
 *
 * @param amount all of it, with what the asker bears
 * @param shares in their order, with the asker's own as the last one
 */
record Request(
        UUID id,
        UUID asker,
        Money amount,
        Split split,
        @Nullable String note,
        @Nullable String conversation,
        RequestState state,
        Instant createdAt,
        @Nullable Instant endedAt,
        List<Share> shares) {

    boolean isAskedBy(UUID person) {
        return asker.equals(person);
    }

    boolean isVisibleTo(UUID person) {
        return shares.stream().anyMatch(it -> it.payer().equals(person));
    }

    /** What others are asked for. */
    List<Share> asked() {
        return shares.stream().filter(it -> !it.isOwn()).toList();
    }

    Share own() {
        return shares.stream().filter(Share::isOwn).findFirst().orElseThrow();
    }

    /** Of others; the asker's own is nothing that anybody could name. */
    Optional<Share> share(UUID share) {
        return asked().stream().filter(it -> it.id().equals(share)).findFirst();
    }

    List<Share> in(ShareState wanted) {
        return shares.stream().filter(it -> it.state() == wanted).toList();
    }

    /** Those of the asked that are in one of these states, together. */
    Money sum(ShareState... states) {
        var wanted = List.of(states);
        return shares.stream()
                .filter(it -> wanted.contains(it.state()))
                .map(Share::amount)
                .reduce(Money.zero(amount.currency()), Money::plus);
    }

    /** The same after some of its shares have changed. */
    Request with(Collection<Share> changed) {
        var after =
                shares.stream()
                        .map(
                                it ->
                                        changed.stream()
                                                .filter(other -> other.id().equals(it.id()))
                                                .findFirst()
                                                .orElse(it))
                        .toList();
        return new Request(
                id, asker, amount, split, note, conversation, state, createdAt, endedAt, after);
    }

    /** The same where nothing is left that anybody might pay. */
    Request settledIfOver(Instant at) {
        var isOver = shares.stream().map(Share::state).noneMatch(ShareState::isUnsettled);
        return state == RequestState.OPEN && isOver ? ended(RequestState.SETTLED, at) : this;
    }

    Request cancelled(Instant at) {
        return ended(RequestState.CANCELLED, at);
    }

    private Request ended(RequestState end, Instant at) {
        return new Request(
                id, asker, amount, split, note, conversation, end, createdAt, at, shares);
    }

    /** Everybody who has to do with it. */
    List<UUID> people() {
        return Stream.concat(Stream.of(asker), shares.stream().map(Share::payer))
                .distinct()
                .toList();
    }
}
