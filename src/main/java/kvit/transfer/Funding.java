package kvit.transfer;

import java.util.UUID;
import kvit.money.Money;

/**
 * How a transfer is paid for that a card takes part in.
 *
 * @param use the payer's choice
 * @param charged what the card pays; the rest is held in the wallet until then. Part of what its
 *     payer confirms, so it stays what it was
 */
record Funding(UUID card, FundingSource.Use use, Money charged) {}
