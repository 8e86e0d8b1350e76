package kvit.settlement;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import kvit.money.Currency;
import org.jspecify.annotations.Nullable;

/**
 * Whether the statements of a file add up: what one opens with and its entries are what it closes
 * with, one opens with what the one before has closed with, and all are of the one account that
 * their source is.
 */
final class StatementChecks implements StatementSink {

    private record Booked(SettlementLine entry, int at) {}

    private final SettlementSource source;
    private final DateSense dates;
    private final Consumer<SettlementLine> lines;
    private final Faults faults = new Faults();
    private final List<Statement> statements = new ArrayList<>();
    private BigInteger sum = BigInteger.ZERO;
    private int booked;
    private int count;
    private @Nullable Booked first;
    private @Nullable LocalDate from;
    private @Nullable LocalDate to;

    StatementChecks(SettlementSource source, DateSense dates, Consumer<SettlementLine> lines) {
        this.source = source;
        this.dates = dates;
        this.lines = lines;
    }

    @Override
    public void entry(SettlementLine entry, int at) {
        count++;
        booked++;
        if (first == null) {
            first = new Booked(entry, at);
        } else if (first.entry.net().currency() != entry.net().currency()) {
            faults.add(
                    FileFault.UNPARSEABLE, at, "Ntry", "is in another currency than those before");
        }
        var day = entry.bookedOn();
        if (!dates.fits(day)) {
            faults.add(FileFault.UNPARSEABLE, at, "BookgDt", day + " is not a day of our time");
        }
        sum = sum.add(BigInteger.valueOf(entry.net().minor()));
        from = from == null || day.isBefore(from) ? day : from;
        to = to == null || day.isAfter(to) ? day : to;
        lines.accept(entry);
    }

    @Override
    public void statement(Draft draft) {
        var opening = draft.opening();
        var closing = draft.closing();
        if (opening == null || closing == null) {
            fault(
                    FileFault.UNPARSEABLE,
                    draft,
                    "has no opening or no closing balance (OPBD, CLBD)");
        } else if (closing.day().isBefore(opening.day()) || !dates.fits(opening.day())) {
            fault(FileFault.UNPARSEABLE, draft, "closes before it opens, or not in our time");
        } else {
            compare(draft, opening, closing);
        }
        sum = BigInteger.ZERO;
        booked = 0;
        first = null;
    }

    private void compare(Draft draft, Dated opening, Dated closing) {
        var currency = opening.amount().currency();
        if (closing.amount().currency() != currency) {
            fault(
                    FileFault.BATCH_TOTAL,
                    draft,
                    "opens in %s and closes in %s"
                            .formatted(currency, closing.amount().currency()));
            return;
        }
        if (first != null && first.entry.net().currency() != currency) {
            fault(FileFault.UNPARSEABLE, draft, "has entries in another currency than " + currency);
            return;
        }
        var announced = draft.announced();
        if (announced != null && announced != draft.entries()) {
            fault(
                    FileFault.BATCH_TOTAL,
                    draft,
                    "says that it has %d entries, and has %d"
                            .formatted(announced, draft.entries()));
        }
        var left = BigInteger.valueOf(opening.amount().minor()).add(sum);
        if (!left.equals(BigInteger.valueOf(closing.amount().minor()))) {
            fault(
                    FileFault.BATCH_TOTAL,
                    draft,
                    "opens with %s, and closes with %s, where its entries lead to %s %s"
                            .formatted(
                                    opening.amount(),
                                    closing.amount(),
                                    new BigDecimal(left, currency.digits()).toPlainString(),
                                    currency));
        }
        var statement =
                new Statement(
                        draft.account(),
                        draft.name(),
                        draft.number(),
                        opening.amount(),
                        closing.amount(),
                        opening.day(),
                        closing.day(),
                        booked);
        requireSource(draft, statement);
        requireChain(draft, statement);
        statements.add(statement);
    }

    private void requireSource(Draft draft, Statement statement) {
        var account = source.account();
        if (account == null && !statements.isEmpty()) {
            account = statements.get(0).account();
        }
        if (account != null && !account.equals(statement.account())) {
            fault(
                    FileFault.WRONG_SOURCE,
                    draft,
                    "is of the account %s, and not of %s".formatted(statement.account(), account));
        }
        var currency = statement.opening().currency();
        var own = draft.currency();
        if (source.currency() != null && source.currency() != currency) {
            fault(
                    FileFault.WRONG_SOURCE,
                    draft,
                    "is in %s, not in %s".formatted(currency, source.currency()));
        } else if (own != null && !own.equals(currency.name())) {
            fault(
                    FileFault.BATCH_TOTAL,
                    draft,
                    "is in %s, of an account in %s".formatted(currency, own));
        }
    }

    private void requireChain(Draft draft, Statement statement) {
        if (statements.isEmpty()) {
            return;
        }
        var before = statements.get(statements.size() - 1);
        if (before.opening().currency() != statement.opening().currency()) {
            fault(FileFault.WRONG_SOURCE, draft, "is in another currency than the one before");
            return;
        }
        var gap = Chain.of(before).fault(statement, source.skipsNumbers());
        if (gap != null) {
            fault(FileFault.BALANCE_GAP, draft, gap);
        }
    }

    /**
     * @throws FileRefused where they do not
     */
    Contents contents() {
        faults.refuseIfAny();
        var first = statements.get(0);
        Currency currency = first.opening().currency();
        return new Contents(
                null, currency, first.account(), from, to, count, List.copyOf(statements), null);
    }

    private void fault(FileFault fault, Draft draft, String message) {
        faults.add(fault, draft.at(), "Stmt " + draft.name(), message);
    }
}
