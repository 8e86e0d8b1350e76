package kvit.ledger;

import java.util.UUID;
import kvit.money.Currency;
import kvit.source.Ids;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Names an account: what kind, whose, in which currency. Opened by the first posting that credits
 * it.
 *
 * @param owner whoever the money is owed to; null for what is nobody's
 */
public record Account(Kind kind, @Nullable UUID owner, Currency currency) {

    /** What an account is for, and how far its available balance may fall. */
    @Schema(name = "AccountKind")
    public enum Kind {
        /**
         * Money that we owe to a person: a liability, so a credit is positive. Never below zero.
         */
        WALLET(0L, true),
        /** Where money comes from and goes to outside of the books; without a floor. */
        WORLD(null, false),
        /**
         * What was taken from cards and the processor has not paid yet: below zero by what it owes
         * us, and so without a floor.
         */
        CARD_CLEARING(null, false),
        /**
         * What has left wallets for cards and no processor has taken yet. Never below zero: no more
         * leaves it than came in.
         */
        PAYOUT_CLEARING(0L, false),
        /** What people have paid us; without a floor, because some of it may be asked back. */
        FEES(null, false),
        /** What the processor has taken back and nobody has borne yet; below zero by that. */
        CHARGEBACKS(null, false),
        /** What we have borne ourselves; below zero by that. */
        LOSSES(null, false),
        /** What is at the bank for customers, by its statements; below zero by that. */
        BANK(null, false),
        /** What the processor and the bank have kept for their work; below zero by that. */
        PROCESSOR_FEES(null, false),
        /**
         * What has arrived and is less than it should be; below zero by that, until it is known.
         */
        SUSPENSE_SHORTFALL(null, false),
        /** What has arrived and nobody knows whose it is; above zero by that. */
        SUSPENSE_UNAPPLIED(null, false);

        private final @Nullable Long floor;
        private final boolean isOwned;

        Kind(@Nullable Long floor, boolean isOwned) {
            this.floor = floor;
            this.isOwned = isOwned;
        }

        /** Minor units that must stay available; null is no floor. */
        public @Nullable Long floor() {
            return floor;
        }
    }

    /** Made once at random; all that matters is that it never changes. */
    private static final UUID SPACE = UUID.fromString("6b8f5a0e-9d0c-4c5e-8c5a-2f7f1d1c9e41");

    public Account {
        if (kind.isOwned != (owner != null)) {
            throw new IllegalArgumentException(kind + " with owner " + owner);
        }
    }

    public static Account wallet(UUID owner, Currency currency) {
        return new Account(Kind.WALLET, owner, currency);
    }

    public static Account world(Currency currency) {
        return new Account(Kind.WORLD, null, currency);
    }

    public static Account cardClearing(Currency currency) {
        return new Account(Kind.CARD_CLEARING, null, currency);
    }

    public static Account payoutClearing(Currency currency) {
        return new Account(Kind.PAYOUT_CLEARING, null, currency);
    }

    public static Account fees(Currency currency) {
        return new Account(Kind.FEES, null, currency);
    }

    public static Account chargebacks(Currency currency) {
        return new Account(Kind.CHARGEBACKS, null, currency);
    }

    public static Account losses(Currency currency) {
        return new Account(Kind.LOSSES, null, currency);
    }

    /**
     * Derived from the name, so that it is known without a look-up and two wallets of one person in
     * one currency are impossible without a second unique key.
     */
    public UUID id() {
        return Ids.named(SPACE, kind + "/" + owner + "/" + currency);
    }
}
