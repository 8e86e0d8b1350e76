/**
 * Reconciliation: what the processor and the bank say against the books, in two legs; what does not
 * agree, as breaks that somebody owns; and whether the money of customers is there.
 *
 * <p>Owns the tables recon_rule_set, recon_clearing, recon_laggard, recon_unpaid, recon_run,
 * recon_file, recon_line, recon_item, recon_break and recon_note.
 */
@NullMarked
package kvit.reconcile;

import org.jspecify.annotations.NullMarked;
