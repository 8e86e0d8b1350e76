package kvit.request;

import java.util.UUID;
import kvit.money.Money;

/** What somebody is told of a share of a request, theirs or one of their own request. */
record ShareNotice(UUID requestId, UUID shareId, UUID counterpartyId, Money amount) {}
