/**
 * The books: accounts, postings, entries and holds; knows nothing of people, cards or countries.
 *
 * <p>Owns the tables account, posting, entry and hold.
 */
@NullMarked
package kvit.ledger;

import org.jspecify.annotations.NullMarked;
