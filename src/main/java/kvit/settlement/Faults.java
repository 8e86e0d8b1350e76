package kvit.settlement;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found wrong with a file so far: whoever mends it wants to hear of all of it, but not of
 * a hundred thousand lines that all lack the same column.
 */
final class Faults {

    static final int MAX = 20;

    private final List<FileError> errors = new ArrayList<>();
    private @Nullable FileFault worst;

    void add(FileFault fault, @Nullable Integer line, @Nullable String column, String message) {
        if (worst == null || fault.compareTo(worst) < 0) {
            worst = fault;
        }
        if (errors.size() < MAX) {
            errors.add(new FileError(line, column, message));
        }
    }

    void add(FileFault fault, @Nullable Integer line, String message) {
        add(fault, line, null, message);
    }

    /** Nothing more would be told of it. */
    boolean areEnough() {
        return errors.size() == MAX;
    }

    boolean areAny() {
        return worst != null;
    }

    /**
     * @throws FileRefused with all of them, as the gravest
     */
    void refuseIfAny() {
        if (worst != null) {
            throw new FileRefused(worst, errors);
        }
    }
}
