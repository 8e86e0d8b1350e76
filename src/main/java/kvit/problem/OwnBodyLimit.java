package kvit.problem;

/** An operation that takes larger bodies than the others, and counts them by itself. */
public interface OwnBodyLimit {

    /**
     * Whether it is that operation.
     *
     * @param path of the request, from its first slash
     */
    boolean covers(String path);
}
