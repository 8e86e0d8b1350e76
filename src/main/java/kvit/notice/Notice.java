package kvit.notice;

import java.time.Instant;
import java.util.UUID;

/**
 * One event as one person sees it.
 *
 * @param number the order of all of them, from 1 and without gaps; whoever has read up to a number
 *     has read all that there will ever be up to it
 * @param type what has happened, such as {@code transfer.completed}
 * @param at when it was stored
 * @param data what about, a JSON object
 */
public record Notice(long number, UUID id, UUID customer, String type, Instant at, String data) {}
