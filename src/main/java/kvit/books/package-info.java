/**
 * The books for those who answer for them: trial balance, statements, postings by hand, closed
 * days, exports, and the chain of seals that tells whether somebody has changed the past.
 *
 * <p>Owns the tables period, period_closing, seal, seal_signature and book_day, and the views of
 * the ledger's tables that it reads.
 */
@NullMarked
package kvit.books;

import org.jspecify.annotations.NullMarked;
