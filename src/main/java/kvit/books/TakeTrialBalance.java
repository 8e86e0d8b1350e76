package kvit.books;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Adds the books up, as of any moment. */
@ApplicationScoped
class TakeTrialBalance {

    /** A day that is cut in two is added up entry by entry. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final WholeBooks wholeBooks;

    TakeTrialBalance(WholeBooks wholeBooks) {
        this.wholeBooks = wholeBooks;
    }

    /**
     * Of what counts for before the one moment and was written before the other.
     *
     * @param asOf null is everything
     * @param knownAt null is everything
     * @throws Problem BOOKS_BUSY
     */
    TrialBalance take(@Nullable Instant asOf, @Nullable Instant knownAt) {
        return wholeBooks.reading(
                WholeBooks.Use.TRIAL_BALANCE,
                PATIENCE,
                PATIENCE,
                it -> TrialBalance.of(it, asOf, knownAt));
    }
}
