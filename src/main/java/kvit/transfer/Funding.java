package kvit.transfer;

import java.util.UUID;
import kvit.money.Money;

/**
 * How a transfer is paid for that a card takes part in.
 *
 * @param use the payer's choice
 * @param charged what the card pays; the rest is held in the wallet meanwhile
 */
record Funding(UUID card, FundingSource.Use use, Money charged) {}
