package kvit.request;

import kvit.money.Money;

import java.util.UUID;

/** What somebody is told of a share of a request, theirs or one of their own request. */
record ShareNotice(UUID requestId, UUID shareId, UUID counterpartyId, Money amount) {}
