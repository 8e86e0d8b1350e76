package kvit.operate;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Goes along the chain of the audit trail, link by link, to the first that does not fit. */
final class AuditWalk {

    /** What is wrong at a place. */
    enum What {
        /** The row is not what it was when its digest was made. */
        @JsonProperty("changed")
        CHANGED,
        /** There is no row where one has been. */
        @JsonProperty("missing")
        MISSING,
        /** It does not name the one before it. */
        @JsonProperty("out-of-order")
        OUT_OF_ORDER,
        /** The chain ends before the place that it is known to have reached. */
        @JsonProperty("cut")
        CUT,
        /** There is a row that the chain knows nothing of. */
        @JsonProperty("unlinked")
        UNLINKED,
        /** It is not what it was when the chain was sealed, or the seal is not ours. */
        @JsonProperty("seal-broken")
        SEAL_BROKEN,
        /** It is not what you have remembered of it. */
        @JsonProperty("not-as-remembered")
        NOT_AS_REMEMBERED
    }

    /**
     * The first place that does not fit.
     *
     * @param number of the row in the chain; 0 for a row outside of it
     */
    @Schema(name = "AuditFault")
    record Fault(long number, What what) {}

    /**
     * A place in the chain; digests are in hex.
     *
     * @param row null where the chain names one that is not there
     */
    record Link(long number, @Nullable String previous, String digest, @Nullable AuditRow row) {}

    private final Map<Long, String> known;
    private final Map<Long, String> remembered;
    private long reached;
    private @Nullable String last;

    /**
     * @param sealed digests by number that a seal of ours vouches for
     * @param remembered the same that the caller has kept elsewhere
     */
    AuditWalk(Map<Long, String> sealed, Map<Long, String> remembered) {
        this.known = sealed;
        this.remembered = remembered;
    }

    /** The next link of all there are, in the order of their numbers. */
    Optional<Fault> next(Link link) {
        var expected = reached + 1;
        if (link.number() != expected || link.row() == null) {
            return fault(expected, What.MISSING);
        }
        if (!Objects.equals(link.previous(), last)) {
            return fault(expected, What.OUT_OF_ORDER);
        }
        var digest = AuditDigest.of(expected, last, link.row());
        if (!link.digest().equals(digest)) {
            return fault(expected, What.CHANGED);
        }
        if (differs(known, expected, digest)) {
            return fault(expected, What.SEAL_BROKEN);
        }
        if (differs(remembered, expected, digest)) {
            return fault(expected, What.NOT_AS_REMEMBERED);
        }
        reached = expected;
        last = digest;
        return Optional.empty();
    }

    /** When there is no further link: whether the chain has ever been longer. */
    Optional<Fault> end(long headNumber, @Nullable String headDigest) {
        var isLonger =
                headNumber > reached
                        || known.keySet().stream().anyMatch(it -> it > reached)
                        || remembered.keySet().stream().anyMatch(it -> it > reached);
        if (isLonger) {
            return fault(reached + 1, What.CUT);
        }
        return headNumber == reached && Objects.equals(headDigest, last)
                ? Optional.empty()
                : fault(reached, What.CHANGED);
    }

    long reached() {
        return reached;
    }

    /** In hex; empty before the first. */
    String digest() {
        return last == null ? "" : last;
    }

    private static boolean differs(Map<Long, String> kept, long number, String digest) {
        var other = kept.get(number);
        return other != null && !other.equals(digest);
    }

    private static Optional<Fault> fault(long number, What what) {
        return Optional.of(new Fault(number, what));
    }
}
