/**
 * People, signing in by phone and one-time code, sessions.
 *
 * <p>Owns the tables customer, sign_in, phone_guard, session, refresh_token and rate_bucket.
 */
@NullMarked
package kvit.identity;

import org.jspecify.annotations.NullMarked;
