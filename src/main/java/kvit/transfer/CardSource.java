package kvit.transfer;

import java.util.UUID;

/**
 * A card that is to pay. Part of what a replay is recognised by.
 *
 * @param use CARD or WALLET_THEN_CARD
 */
record CardSource(UUID card, FundingSource.Use use) {}
