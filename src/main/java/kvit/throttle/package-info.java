/**
 * What must not happen too often, counted across replicas: messages, look-ups, sign-ins.
 *
 * <p>Owns the table rate_bucket.
 */
@NullMarked
package kvit.throttle;

import org.jspecify.annotations.NullMarked;
