/**
 * Text messages: the gateway that the rest of Kvit sends through, and its adapters; owns the table
 * inbox_message.
 */
@NullMarked
package kvit.sms;

import org.jspecify.annotations.NullMarked;
