package kvit.settlement;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a file.
 *
 * @param line from 1, as an editor counts them; null where it is the file as a whole
 * @param column the name of the column, or of the element
 */
public record FileError(@Nullable Integer line, @Nullable String column, String message) {}
