/**
 * People, signing in by phone and one-time code, confirming by one or by a PIN, sessions, and the
 * front ends that all of it comes through; and who has blocked whom, because it is here that
 * everybody finds people.
 *
 * <p>Owns the tables customer, former_customer, resting_handle, retention_policy, block, sign_in,
 * confirmation, phone_guard, pin, session, refresh_token and client_app.
 */
@NullMarked
package kvit.identity;

import org.jspecify.annotations.NullMarked;
