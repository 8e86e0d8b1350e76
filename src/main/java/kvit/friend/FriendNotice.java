package kvit.friend;

import java.util.UUID;

/**
 * What somebody is told of a friendship.
 *
 * @param counterpartyId the other one
 */
record FriendNotice(UUID counterpartyId) {}
