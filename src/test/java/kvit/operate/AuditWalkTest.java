package kvit.operate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import kvit.operate.AuditWalk.Fault;
import kvit.operate.AuditWalk.Link;
import kvit.operate.AuditWalk.What;
import org.junit.jupiter.api.Test;

/** Whatever somebody bends in the chain, it is found, and where it begins. */
class AuditWalkTest {

    private static final int LENGTH = 60;

    private final long seed = Long.getLong("kvit.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<Link> chain = chain();

    @Test
    void whatNobodyHasBentFits() {
        assertThat(walk(chain, Map.of(), Map.of(), LENGTH, last(chain).digest())).isEmpty();
        assertThat(walk(List.of(), Map.of(), Map.of(), 0, null)).isEmpty();
    }

    @Test
    void aThousandTamperingsAreAThousandFound() {
        System.out.println("kvit.seed=" + seed);
        for (var i = 0; i < 1_000; i++) {
            var bent = new ArrayList<>(chain);
            var at = random.nextInt(LENGTH);
            var what =
                    switch (random.nextInt(4)) {
                        case 0 -> change(bent, at);
                        case 1 -> delete(bent, at);
                        case 2 -> swap(bent, random.nextInt(LENGTH - 1));
                        default -> emptied(bent, at);
                    };
            assertThat(walk(bent, Map.of(), Map.of(), LENGTH, last(chain).digest()))
                    .as("%d: %s", i, what)
                    .isPresent();
        }
    }

    @Test
    void theFirstThatDoesNotFitIsNamed() {
        var changed = new ArrayList<>(chain);
        change(changed, 6);
        assertThat(walked(changed)).contains(new Fault(7, What.CHANGED));
        var deleted = new ArrayList<>(chain);
        deleted.remove(6);
        assertThat(walked(deleted)).contains(new Fault(7, What.MISSING));
        var cut = chain.subList(0, 40);
        assertThat(walked(cut)).contains(new Fault(41, What.CUT));
        var grown = new ArrayList<>(chain);
        grown.add(link(LENGTH + 1, last(chain).digest(), row(LENGTH + 1)));
        assertThat(walked(grown)).contains(new Fault(LENGTH + 1, What.CHANGED));
    }

    /** With all rights in the database one makes a chain that fits. The seals are the others'. */
    @Test
    void aChainThatWasMadeAnewIsNotTheOneThatWasSealed() {
        var anew = new ArrayList<>(chain.subList(0, 29));
        for (var number = 30; number <= LENGTH; number++) {
            anew.add(link(number, last(anew).digest(), row(number)));
        }
        var head = last(anew).digest();
        assertThat(walk(anew, Map.of(), Map.of(), LENGTH, head)).isEmpty();
        var kept = Map.of(45L, chain.get(44).digest());
        assertThat(walk(anew, kept, Map.of(), LENGTH, head))
                .contains(new Fault(45, What.SEAL_BROKEN));
        assertThat(walk(anew, Map.of(), kept, LENGTH, head))
                .contains(new Fault(45, What.NOT_AS_REMEMBERED));
    }

    @Test
    void aTailThatWasCutTogetherWithTheHeadIsRememberedBySealsAndByOthers() {
        var cut = chain.subList(0, 40);
        var kept = Map.of(45L, chain.get(44).digest());
        assertThat(walk(cut, Map.of(), Map.of(), 40, last(cut).digest())).isEmpty();
        assertThat(walk(cut, kept, Map.of(), 40, last(cut).digest()))
                .contains(new Fault(41, What.CUT));
        assertThat(walk(cut, Map.of(), kept, 40, last(cut).digest()))
                .contains(new Fault(41, What.CUT));
    }

    @Test
    void noTwoRowsReadTheSame() {
        var digests = new HashMap<String, String>();
        for (var parts :
                List.of(
                        List.of("a.b", "cd"),
                        List.of("a.bc", "d"),
                        List.of("a.b", "c2:d"),
                        List.of("a.b2:c", "d"))) {
            var row = row(1, parts.get(0), parts.get(1));
            var digest = AuditDigest.of(1, null, row);
            assertThat(digests.put(digest, parts.toString())).isNull();
        }
    }

    private Optional<Fault> walked(List<Link> links) {
        return walk(links, Map.of(), Map.of(), LENGTH, last(chain).digest());
    }

    private static Optional<Fault> walk(
            List<Link> links,
            Map<Long, String> sealed,
            Map<Long, String> remembered,
            long headNumber,
            String headDigest) {
        var walk = new AuditWalk(sealed, remembered);
        for (var link : links) {
            var fault = walk.next(link);
            if (fault.isPresent()) {
                return fault;
            }
        }
        return walk.end(headNumber, headDigest);
    }

    /** One value of one row, in any of its columns. */
    private String change(List<Link> links, int at) {
        var link = links.get(at);
        var it = link.row();
        var column = random.nextInt(14);
        var other = "other-" + random.nextInt();
        links.set(
                at,
                new Link(
                        link.number(),
                        link.previous(),
                        link.digest(),
                        new AuditRow(
                                column == 0 ? UUID.randomUUID() : it.id(),
                                column == 1 ? it.at().plusNanos(1_000) : it.at(),
                                column == 2 ? null : it.operator(),
                                column == 3 ? other : it.who(),
                                column == 4 ? List.of() : it.roles(),
                                column == 5 ? other : it.action(),
                                column == 6 ? AuditStep.STALE : it.step(),
                                column == 7 ? other : it.resource(),
                                column == 8 ? other : it.reason(),
                                column == 9 ? null : it.before(),
                                column == 10 ? other : it.after(),
                                column == 11 ? other : it.address(),
                                column == 12 ? other : it.requestId(),
                                column == 13 ? UUID.randomUUID() : it.approval())));
        return "column " + column + " of " + link.number();
    }

    private static String delete(List<Link> links, int at) {
        links.remove(at);
        return "without " + (at + 1);
    }

    /** Two rows in each other's place; the numbers stay in order. */
    private static String swap(List<Link> links, int at) {
        var one = links.get(at);
        var two = links.get(at + 1);
        links.set(at, new Link(one.number(), two.previous(), two.digest(), two.row()));
        links.set(at + 1, new Link(two.number(), one.previous(), one.digest(), one.row()));
        return "swapped " + (at + 1);
    }

    private static String emptied(List<Link> links, int at) {
        var link = links.get(at);
        links.set(at, new Link(link.number(), link.previous(), link.digest(), null));
        return "no row at " + (at + 1);
    }

    private static List<Link> chain() {
        var chain = new ArrayList<Link>();
        for (var number = 1; number <= LENGTH; number++) {
            chain.add(link(number, chain.isEmpty() ? null : last(chain).digest(), row(number)));
        }
        return chain;
    }

    private static Link link(long number, String previous, AuditRow row) {
        return new Link(number, previous, AuditDigest.of(number, previous, row), row);
    }

    private static Link last(List<Link> links) {
        return links.get(links.size() - 1);
    }

    private static AuditRow row(int number) {
        return row(number, "rules.change", "rule-" + number);
    }

    private static AuditRow row(int number, String action, String resource) {
        return new AuditRow(
                UUID.randomUUID(),
                Instant.parse("2026-11-22T10:00:00.123456Z").plusSeconds(number),
                new UUID(1, 1),
                "ada@kvit.example",
                List.of("admin"),
                action,
                AuditStep.DONE,
                resource,
                "Because.",
                "{\"n\": 1}",
                "{\"n\": 2}",
                "192.0.2.1",
                "r-" + number,
                null);
    }
}
