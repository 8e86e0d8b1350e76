package kvit.identity;

import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Some people as they see each other: to both of two, of whom one has blocked the other, the other
 * is nobody.
 */
public final class Sight {

    private final Map<PersonRef, Person> people;
    private final Set<UUID> asked;
    private final Map<UUID, Set<UUID>> blocks;

    /**
     * @param asked ids that were looked up, whether or not somebody has them
     * @param blocks whom each of those found has blocked
     */
    Sight(Map<PersonRef, Person> people, Set<UUID> asked, Map<UUID, Set<UUID>> blocks) {
        this.people = people;
        this.asked = asked;
        this.blocks = blocks;
    }

    /** Whoever it names, for those who know of each other already; null where that is nobody. */
    public @Nullable Person person(PersonRef ref) {
        return people.get(ref);
    }

    /**
     * Whoever it names to this viewer, who was looked up with them; null where that is nobody.
     *
     * @throws IllegalStateException where the viewer was not: whom they block is not known then
     */
    public @Nullable Person seenBy(UUID viewer, PersonRef ref) {
        if (!asked.contains(viewer)) {
            throw new IllegalStateException("not looked up: " + viewer);
        }
        var person = people.get(ref);
        return person == null || isBlock(viewer, person.id()) || isBlock(person.id(), viewer)
                ? null
                : person;
    }

    private boolean isBlock(UUID blocker, UUID blocked) {
        return blocks.getOrDefault(blocker, Set.of()).contains(blocked);
    }

    Map<PersonRef, Person> people() {
        return people;
    }
}
