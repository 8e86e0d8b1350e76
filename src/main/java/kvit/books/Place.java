package kvit.books;

import java.util.Comparator;
import java.util.UUID;

/**
 * Where a posting stands in the order of commits.
 *
 * @param transaction the database's number of the transaction that wrote it, 64 bits
 */
record Place(long transaction, UUID posting) implements Comparable<Place> {

    /** Before everything. */
    static final Place BEGINNING = new Place(0, new UUID(0, 0));

    /**
     * As the database compares: ids byte by byte, where Java would take them for signed numbers.
     */
    private static final Comparator<Place> ORDER =
            Comparator.comparingLong(Place::transaction)
                    .thenComparing(
                            it -> it.posting().getMostSignificantBits(), Long::compareUnsigned)
                    .thenComparing(
                            it -> it.posting().getLeastSignificantBits(), Long::compareUnsigned);

    @Override
    public int compareTo(Place other) {
        return ORDER.compare(this, other);
    }
}
