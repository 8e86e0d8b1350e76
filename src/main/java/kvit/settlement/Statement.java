package kvit.settlement;

import java.time.LocalDate;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * One statement of a bank account.
 *
 * @param name the bank's own
 * @param number counted by the bank, upwards within a year; null where it does not count
 */
public record Statement(
        String account,
        String name,
        @Nullable Long number,
        Money opening,
        Money closing,
        LocalDate openedOn,
        LocalDate closedOn,
        int lineCount) {}
