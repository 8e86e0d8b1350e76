package kvit.settlement;

import java.time.LocalDate;
import java.util.List;
import kvit.money.Currency;
import org.jspecify.annotations.Nullable;

/**
 * What a good file says as a whole.
 *
 * @param batch null of statements
 * @param account null of a processor's file
 * @param from the first day of its lines; null where it has none
 * @param statements none of a processor's file
 * @param part what it says, in hexadecimal and the same in any order and other bytes, where it may
 *     be a part of its days; null where it is all of them
 */
record Contents(
        @Nullable String batch,
        Currency currency,
        @Nullable String account,
        @Nullable LocalDate from,
        @Nullable LocalDate to,
        int lineCount,
        List<Statement> statements,
        @Nullable String part) {}
