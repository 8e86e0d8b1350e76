package kvit.reconcile;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kvit.ledger.Account.Kind;
import kvit.money.Currency;
import kvit.money.Money;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Whether the money of customers is there, and if not why. The parts are exactly the difference.
 * Some of them are not there to stay, or nobody knows whose they are: what is really there is the
 * difference without them, or they would hide as much that is missing.
 *
 * @param customers what wallets are owed, and payouts that no processor has taken yet
 * @param unallocated what has come and nobody has claimed
 * @param requirement both together
 * @param resource what is at the bank by its last statements
 * @param statementOf the oldest of these statements; null where there is none
 * @param headline resource less requirement: what a plain report would show
 * @param parts what it consists of
 * @param truePosition what is left when the processor has taken what it is owed, without what the
 *     bank has and nobody has posted
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SafeguardingView(
        Currency currency,
        Instant asOf,
        Money customers,
        Money unallocated,
        Money requirement,
        Money resource,
        @Nullable LocalDate statementOf,
        Money headline,
        List<Part> parts,
        Money truePosition,
        State state) {

    /** Red is a shortfall. */
    @Schema(name = "SafeguardingState")
    enum State {
        @JsonProperty("red")
        RED,
        @JsonProperty("green")
        GREEN
    }

    /** Why the two differ. */
    enum Cause {
        /** It has been settled twice and will be taken back, less the fee that was taken for it. */
        @JsonProperty("duplicate_owed_to_processor")
        DUPLICATE_OWED_TO_PROCESSOR,
        /** Processor and bank have kept it, and nobody has put it back. */
        @JsonProperty("fees_from_client_money")
        FEES_FROM_CLIENT_MONEY,
        @JsonProperty("amount_mismatches")
        AMOUNT_MISMATCHES,
        @JsonProperty("not_yet_settled")
        NOT_YET_SETTLED,
        /** It has given more than it has taken for us, and takes it from what it pays next. */
        @JsonProperty("owed_to_processor")
        OWED_TO_PROCESSOR,
        /** What customers have paid us, and is still among their money. */
        @JsonProperty("our_fees")
        OUR_FEES,
        @JsonProperty("chargebacks")
        CHARGEBACKS,
        @JsonProperty("losses")
        LOSSES,
        /**
         * What the bank says and nobody has posted: a statement that waits, or its first opening.
         * Nobody has said whose it is, so it makes up for nothing that is missing.
         */
        @JsonProperty("not_in_books")
        NOT_IN_BOOKS,
        /** The sandbox's free money, which is nowhere. */
        @JsonProperty("made_up")
        MADE_UP
    }

    /** A cause and what it comes to; below zero something is missing by it. */
    record Part(Cause cause, Money amount) {}

    /**
     * What is at the bank, and what of the books' suspense is the processor's.
     *
     * @param duplicates gross, still in suspense
     * @param duplicateFees what was kept for them
     */
    record Outside(
            long bank, @Nullable LocalDate statementOf, long duplicates, long duplicateFees) {}

    /**
     * Works it out. The books sum to zero, so whatever the bank does not owe us for customers is in
     * one of the other accounts, and nothing is left over.
     *
     * @param totals of the books, a credit positive
     */
    static SafeguardingView of(
            Currency currency, Instant asOf, Map<Kind, Long> totals, Outside outside) {
        var customers = total(totals, Kind.WALLET) + total(totals, Kind.PAYOUT_CLEARING);
        var unallocated = total(totals, Kind.SUSPENSE_UNAPPLIED) - outside.duplicates();
        var requirement = customers + unallocated;
        var headline = outside.bank() - requirement;
        var duplicates = outside.duplicates() - outside.duplicateFees();
        var clearing = total(totals, Kind.CARD_CLEARING);
        var unposted = outside.bank() + total(totals, Kind.BANK);
        var parts = new ArrayList<Part>();
        add(parts, currency, Cause.DUPLICATE_OWED_TO_PROCESSOR, duplicates);
        add(
                parts,
                currency,
                Cause.FEES_FROM_CLIENT_MONEY,
                total(totals, Kind.PROCESSOR_FEES) + outside.duplicateFees());
        add(parts, currency, Cause.AMOUNT_MISMATCHES, total(totals, Kind.SUSPENSE_SHORTFALL));
        add(
                parts,
                currency,
                clearing > 0 ? Cause.OWED_TO_PROCESSOR : Cause.NOT_YET_SETTLED,
                clearing);
        add(parts, currency, Cause.OUR_FEES, total(totals, Kind.FEES));
        add(parts, currency, Cause.CHARGEBACKS, total(totals, Kind.CHARGEBACKS));
        add(parts, currency, Cause.LOSSES, total(totals, Kind.LOSSES));
        add(parts, currency, Cause.NOT_IN_BOOKS, unposted);
        add(parts, currency, Cause.MADE_UP, total(totals, Kind.WORLD));
        var sum = parts.stream().mapToLong(it -> it.amount().minor()).sum();
        if (sum != headline) {
            throw new IllegalStateException(
                    "the parts come to " + sum + ", the difference is " + headline);
        }
        var truth = headline - duplicates - Math.max(0, clearing) - Math.max(0, unposted);
        return new SafeguardingView(
                currency,
                asOf,
                new Money(customers, currency),
                new Money(unallocated, currency),
                new Money(requirement, currency),
                new Money(outside.bank(), currency),
                outside.statementOf(),
                new Money(headline, currency),
                List.copyOf(parts),
                new Money(truth, currency),
                truth < 0 ? State.RED : State.GREEN);
    }

    private static long total(Map<Kind, Long> totals, Kind kind) {
        return totals.getOrDefault(kind, 0L);
    }

    /** What comes to nothing is no cause. */
    private static void add(List<Part> parts, Currency currency, Cause cause, long minor) {
        if (minor != 0) {
            parts.add(new Part(cause, new Money(minor, currency)));
        }
    }
}
