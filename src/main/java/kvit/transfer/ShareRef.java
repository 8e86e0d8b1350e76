package kvit.transfer;

import java.util.UUID;

/**
 * The share of a request for money that a transfer pays, or was to pay.
 *
 * @param id of the request
 * @param shareId of the share
 */
public record ShareRef(UUID id, UUID shareId) {}
