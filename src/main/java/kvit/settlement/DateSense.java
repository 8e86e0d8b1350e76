package kvit.settlement;

import java.time.LocalDate;

/** Days on which something may have been booked: finds a typing error in a year, and no more. */
record DateSense(LocalDate today) {

    private static final LocalDate EARLIEST = LocalDate.of(2000, 1, 1);

    boolean fits(LocalDate day) {
        return !day.isBefore(EARLIEST) && !day.isAfter(today.plusYears(1));
    }
}
