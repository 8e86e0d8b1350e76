package kvit.books;

import static kvit.books.BooksProblem.POSTING_UNBALANCED;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.LocalDate;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import kvit.ledger.Account;
import kvit.ledger.Posting;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.money.PositiveAmount;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A posting that people make by hand.
 *
 * @param posting its id, made when it was asked for: so it is posted once
 * @param effectiveOn the day that it counts for, at its end; null is when it is approved
 */
record Adjustment(UUID posting, @Nullable LocalDate effectiveOn, List<Line> lines) {

    /**
     * What nothing else accounts for. The others are what payouts, disputes, expectations and
     * breaks come to, to the cent, and would not be any more.
     */
    private static final Set<Account.Kind> BY_HAND =
            Collections.unmodifiableSet(
                    EnumSet.of(
                            Account.Kind.WALLET,
                            Account.Kind.WORLD,
                            Account.Kind.FEES,
                            Account.Kind.LOSSES,
                            Account.Kind.PROCESSOR_FEES));

    /**
     * @param owner the customer; of a wallet and of nothing else
     */
    @Schema(name = "AdjustmentLine")
    record Line(
            @NotNull Account.Kind kind,
            @Nullable UUID owner,
            @NotNull Side side,
            @NotNull @PositiveAmount Money amount) {

        Account account() {
            return new Account(kind, owner, amount.currency());
        }

        Posting.Line line() {
            return new Posting.Line(account(), side.signed(amount.minor()));
        }
    }

    /** What is asked for, before it has an id. */
    record Request(
            @Nullable LocalDate effectiveOn,
            @NotNull @Size(min = 2, max = 50) List<@NotNull @Valid Line> lines,
            @NotBlank @Size(max = 500) String reason) {

        Adjustment adjustment(UUID id) {
            return new Adjustment(id, effectiveOn, lines);
        }
    }

    /**
     * What can be told without the books.
     *
     * @throws Problem VALIDATION_FAILED
     */
    void requireForm(LocalDate today) {
        if (effectiveOn != null && effectiveOn.isAfter(today)) {
            throw GeneralProblem.invalid("/effectiveOn", "must not be in the future");
        }
        if (effectiveOn != null && effectiveOn.getYear() < 1900) {
            throw GeneralProblem.invalid("/effectiveOn", "must be a day of our era");
        }
        var accounts = new HashSet<Account>();
        for (var i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            if ((line.kind() == Account.Kind.WALLET) != (line.owner() != null)) {
                throw GeneralProblem.invalid(
                        "/lines/" + i + "/owner", "is named of a WALLET, and of nothing else");
            }
            if (!BY_HAND.contains(line.kind())) {
                throw GeneralProblem.invalid(
                        "/lines/" + i + "/kind", "must be one of " + BY_HAND + ": others follow");
            }
            if (!accounts.add(line.account())) {
                throw GeneralProblem.invalid("/lines/" + i, "names an account twice");
            }
        }
    }

    /**
     * @throws Problem POSTING_UNBALANCED
     */
    void requireBalance() {
        var sums = new EnumMap<Currency, Long>(Currency.class);
        lines.forEach(
                it ->
                        sums.merge(
                                it.amount().currency(),
                                it.side().signed(it.amount().minor()),
                                Long::sum));
        sums.forEach(
                (currency, sum) -> {
                    if (sum != 0) {
                        throw POSTING_UNBALANCED.because(
                                "Credits less debits are %d minor units of %s."
                                        .formatted(sum, currency));
                    }
                });
    }
}
