package kvit.books;

import java.util.ArrayList;
import java.util.List;

/** What a verification finds: all of it is counted, and the first so many are named. */
final class Findings {

    static final int NAMED_MAX = 100;

    private final List<Finding> named = new ArrayList<>();
    private long count;

    void add(String check, Object subject, String detail) {
        count++;
        if (named.size() < NAMED_MAX) {
            named.add(new Finding(check, subject.toString(), detail));
        }
    }

    void expect(boolean holds, String check, Object subject, String detail) {
        if (!holds) {
            add(check, subject, detail);
        }
    }

    long count() {
        return count;
    }

    List<Finding> named() {
        return List.copyOf(named);
    }
}
