package kvit.settlement;

import java.io.Serial;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file is not what it should be. Within the package: outside it is a problem, and a row. */
final class FileRefused extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    private final FileFault fault;
    private final transient List<FileError> errors;

    FileRefused(FileFault fault, List<FileError> errors) {
        super(fault + " " + errors, null, false, false);
        this.fault = fault;
        this.errors = List.copyOf(errors);
    }

    FileRefused(FileFault fault, @Nullable Integer line, String message) {
        this(fault, List.of(new FileError(line, null, message)));
    }

    static FileRefused unparseable(@Nullable Integer line, String message) {
        return new FileRefused(FileFault.UNPARSEABLE, line, message);
    }

    FileFault fault() {
        return fault;
    }

    List<FileError> errors() {
        return errors;
    }
}
