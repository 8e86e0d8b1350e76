package kvit.claim;

import java.time.Instant;
import java.util.UUID;
import kvit.money.Money;

/** What somebody is told of their claim. */
record ClaimNotice(UUID claimId, UUID transferId, Money amount, Instant at) {}
