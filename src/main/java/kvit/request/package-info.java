/**
 * Asking for money: of one or many people, a total or per head. Paying a share of it is a transfer.
 *
 * <p>Owns the tables request, request_share and request_key.
 */
@NullMarked
package kvit.request;

import org.jspecify.annotations.NullMarked;
