/**
 * Cards: adding them by a code, the vault that keeps their numbers, the processor that charges them
 * and pays out to them, and what it tells us by itself. What moves money by them is elsewhere.
 *
 * <p>Owns the tables card, card_applicant, card_enrolment, processor_notice,
 * processor_notice_waiting, processor_notice_stray, simulated_operation and simulated_fault.
 * Nothing outside of this package sees a card number.
 */
@NullMarked
package kvit.card;

import org.jspecify.annotations.NullMarked;
