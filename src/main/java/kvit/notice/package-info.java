/**
 * What happened, as each person sees it whom it concerns: made of the events in the outbox, once
 * each and in the order of their commits.
 *
 * <p>Owns the table notice.
 */
@NullMarked
package kvit.notice;

import org.jspecify.annotations.NullMarked;
