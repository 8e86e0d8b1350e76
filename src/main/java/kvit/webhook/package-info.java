/**
 * Webhooks: notices on their way to the servers of front ends, signed as Standard Webhooks has it,
 * one customer's in their order, each until it has arrived or is given up.
 *
 * <p>Owns the tables webhook_endpoint, webhook_lane, webhook_delivery and webhook_attempt, and
 * scheduled_tasks for db-scheduler.
 */
@NullMarked
package kvit.webhook;

import org.jspecify.annotations.NullMarked;
