package kvit.request;

import static kvit.request.RequestProblem.NOT_THE_ASKED;
import static kvit.request.RequestProblem.NOT_THE_ASKER;
import static kvit.request.RequestProblem.REQUEST_NOT_FOUND;
import static kvit.request.RequestProblem.SHARE_NOT_FOUND;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import kvit.identity.People;
import kvit.paging.Cursors;
import kvit.paging.Page;
import kvit.paging.PageParameters;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/** What a person sees of requests, and what of them is theirs. */
@ApplicationScoped
class RequestBook {

    private enum Role {
        ASKING,
        ASKED
    }

    private final RequestStore store;
    private final People people;
    private final Cursors cursors;

    RequestBook(RequestStore store, People people, Cursors cursors) {
        this.store = store;
        this.people = people;
        this.cursors = cursors;
    }

    /**
     * One that concerns this person; to others it does not exist.
     *
     * @throws Problem REQUEST_NOT_FOUND
     */
    Request require(UUID person, UUID id) {
        return store.find(id)
                .filter(it -> it.isVisibleTo(person))
                .orElseThrow(() -> REQUEST_NOT_FOUND.because("No such request of yours."));
    }

    /**
     * One that this person has made.
     *
     * @throws Problem REQUEST_NOT_FOUND, NOT_THE_ASKER
     */
    Request requireAsker(UUID person, UUID id) {
        return asker(person, require(person, id));
    }

    /**
     * The same with one of its shares.
     *
     * @throws Problem REQUEST_NOT_FOUND, SHARE_NOT_FOUND, NOT_THE_ASKER
     */
    Request requireAsker(UUID person, UUID id, UUID share) {
        var request = require(person, id);
        share(request, share);
        return asker(person, request);
    }

    private static Request asker(UUID person, Request request) {
        if (!request.isAskedBy(person)) {
            throw NOT_THE_ASKER.because("You are asked for it.");
        }
        return request;
    }

    /**
     * One in which this person is asked for that share.
     *
     * @throws Problem REQUEST_NOT_FOUND, SHARE_NOT_FOUND, NOT_THE_ASKED
     */
    Request requireAsked(UUID person, UUID id, UUID share) {
        var request = require(person, id);
        if (!share(request, share).payer().equals(person)) {
            throw NOT_THE_ASKED.because("Somebody else is asked for this share.");
        }
        return request;
    }

    private static Share share(Request request, UUID id) {
        return request.share(id)
                .orElseThrow(() -> SHARE_NOT_FOUND.because("It has no such share."));
    }

    RequestView view(UUID viewer, Request request) {
        return RequestView.of(request, viewer, people.byIds(request.people()));
    }

    /**
     * @param role asking, asked or null for both
     * @param state null for any
     * @throws Problem VALIDATION_FAILED
     */
    Page<RequestView> list(
            UUID person, @Nullable String role, @Nullable String state, PageParameters page) {
        var limit = page.limit();
        var list = "requests|%s|%s|%s".formatted(person, role, state);
        var wanted = role == null ? null : oneOf("?role", role, Role.values());
        var found =
                store.list(
                        new RequestStore.Query(
                                person,
                                wanted != Role.ASKED,
                                wanted != Role.ASKING,
                                state == null
                                        ? null
                                        : oneOf("?state", state, RequestState.values()),
                                cursors.decode(list, page.cursor())
                                        .map(UUID::fromString)
                                        .orElse(null),
                                limit + 1));
        var everybody = new LinkedHashSet<UUID>();
        found.forEach(it -> everybody.addAll(it.people()));
        var known = people.byIds(List.copyOf(everybody));
        return Page.of(found, limit, last -> cursors.encode(list, last.id().toString()))
                .map(it -> RequestView.of(it, person, known));
    }

    private static <E extends Enum<E>> E oneOf(String name, String text, E[] values) {
        return Arrays.stream(values)
                .filter(it -> outside(it).equals(text))
                .findFirst()
                .orElseThrow(
                        () ->
                                GeneralProblem.invalid(
                                        name,
                                        Arrays.stream(values)
                                                .map(RequestBook::outside)
                                                .collect(
                                                        Collectors.joining(
                                                                ", ", "must be one of ", ""))));
    }

    private static String outside(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
