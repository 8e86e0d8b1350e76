/**
 * People, signing in by phone and one-time code, confirming by one, sessions.
 *
 * <p>Owns the tables customer, sign_in, confirmation, phone_guard, session, refresh_token and
 * rate_bucket.
 */
@NullMarked
package kvit.identity;

import org.jspecify.annotations.NullMarked;
