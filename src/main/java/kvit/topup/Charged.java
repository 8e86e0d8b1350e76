package kvit.topup;

import java.util.UUID;

/** What a charge has become. */
public record Charged(UUID customer, UUID card, UUID topUp) {}
