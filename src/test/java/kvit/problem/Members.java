package kvit.problem;

import java.util.Map;

/** What a refusal names, for tests of other packages that decide without HTTP. */
public class Members {

    private Members() {}

    /** The named members. */
    public static Map<String, Object> of(Problem problem) {
        return Map.copyOf(problem.members());
    }
}
