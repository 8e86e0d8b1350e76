package kvit.claim;

import kvit.money.Money;

import java.time.Instant;
import java.util.UUID;

/** What somebody is told of their claim. */
record ClaimNotice(UUID claimId, UUID transferId, Money amount, Instant at) {}
