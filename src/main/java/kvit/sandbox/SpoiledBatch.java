package kvit.sandbox;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.sandbox.SettlementFault.Kind;
import kvit.sandbox.SettlementView.Injected;
import kvit.source.Ids;
import org.jspecify.annotations.Nullable;

/**
 * A batch in the making, with what shall be wrong with it. Each fault befalls another line, so that
 * whoever looks for them finds each as what it is.
 */
final class SpoiledBatch {

    /** Made once at random, so that what is unknown has an id that nothing else has. */
    private static final UUID SPACE = UUID.fromString("9b0f4c6e-3c87-4f0e-8a5d-4a8d0c1d7f62");

    private static final String PROCESSOR = "processor";
    private static final String BANK = "bank";

    /** 12.34, in any currency: an amount that looks like nobody's. */
    private static final long UNKNOWN_MINOR = 1_234;

    /** Cuts the last line, and the end of the last element. */
    private static final int CUT = 20;

    private final Currency currency;
    private final String batch;
    private final BatchFile file;
    private final SandboxConfig config;
    private final List<SettlementFault> ofLines = new ArrayList<>();
    private final List<SettlementFault> ofFiles = new ArrayList<>();
    private final List<Injected> injected = new ArrayList<>();
    private final List<String> settled = new ArrayList<>();
    private boolean isClosed;

    SpoiledBatch(
            Currency currency,
            String batch,
            LocalDate day,
            SandboxConfig config,
            List<SettlementFault> faults) {
        this.currency = currency;
        this.batch = batch;
        this.config = config;
        this.file = new BatchFile(currency, batch, day);
        faults.forEach(it -> (it.kind().isOfALine() ? ofLines : ofFiles).add(it));
    }

    void add(SettlementItem item) {
        var fault = take(item);
        if (fault != null && fault.kind() == Kind.MISSING_LINE) {
            injected.add(
                    new Injected(Kind.MISSING_LINE, PROCESSOR, null, text(item.reference()), null));
            return;
        }
        settled.add(item.key());
        var gross = fault == null ? item.gross() : spoiled(fault, item.gross());
        var fee = item.isCharge() ? fee(item, gross) : Money.zero(gross.currency());
        var line = write(item, gross, fee);
        if (fault == null) {
            return;
        }
        if (fault.kind() == Kind.DUPLICATE_LINE) {
            line = write(item, gross, fee);
        }
        var isOff = fault.kind() == Kind.AMOUNT_OFF;
        injected.add(
                new Injected(
                        fault.kind(),
                        PROCESSOR,
                        line,
                        text(item.reference()),
                        isOff ? gross.minus(item.gross()) : null));
    }

    /** Of what there was, whatever the line makes of it. */
    private Money fee(SettlementItem item, Money gross) {
        var fee = GenerateSettlements.fee(item.gross(), config.settlementFeeBasisPoints());
        return new Money(fee.minor(), gross.currency());
    }

    private int write(SettlementItem item, Money gross, Money fee) {
        return file.add(item.type(), item.external(), text(item.reference()), gross, fee);
    }

    /** The first that is meant for it, or for any charge. */
    private @Nullable SettlementFault take(SettlementItem item) {
        for (var fault : ofLines) {
            var isMeant =
                    fault.reference() == null
                            ? item.isCharge()
                            : fault.reference().equals(item.reference());
            if (isMeant) {
                ofLines.remove(fault);
                return fault;
            }
        }
        return null;
    }

    private static Money spoiled(SettlementFault fault, Money gross) {
        return switch (fault.kind()) {
            case AMOUNT_OFF -> new Money(gross.minor() - fault.off(), gross.currency());
            case CURRENCY_WRONG ->
                    new Money(
                            gross.minor(),
                            gross.currency() == Currency.USD ? Currency.EUR : Currency.USD);
            case DIRECTION_FLIPPED -> gross.negate();
            default -> gross;
        };
    }

    /** What stands below all that has happened: what is unknown, and the fee of the batch. */
    private void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        if (!ofLines.isEmpty()) {
            throw noneLeft();
        }
        var zero = Money.zero(currency);
        for (var fault : ofFiles) {
            if (fault.kind() == Kind.UNKNOWN_LINE) {
                var name = batch + "/" + injected.size();
                var reference = Ids.named(SPACE, name).toString();
                var line =
                        file.add(
                                SettlementItem.CHARGE,
                                "sim_unknown_" + name.replace('/', '_'),
                                reference,
                                new Money(UNKNOWN_MINOR, currency),
                                zero);
                injected.add(new Injected(Kind.UNKNOWN_LINE, PROCESSOR, line, reference, null));
            }
        }
        var fee = new Money(config.settlementBatchFee(), currency);
        if (fee.isPositive()) {
            file.add("Fee", null, null, zero, fee);
        }
        for (var fault : ofFiles) {
            if (fault.kind() != Kind.UNKNOWN_LINE) {
                var isOfTheBank =
                        fault.kind() == Kind.BALANCE_GAP
                                || fault.kind() == Kind.TRUNCATED_STATEMENT;
                var hasAmount =
                        fault.kind() == Kind.BALANCE_GAP || fault.kind() == Kind.BATCH_TOTAL_WRONG;
                injected.add(
                        new Injected(
                                fault.kind(),
                                isOfTheBank ? BANK : PROCESSOR,
                                null,
                                null,
                                hasAmount ? new Money(fault.off(), currency) : null));
            }
        }
    }

    private static Problem noneLeft() {
        return GeneralProblem.invalid(
                "/faults", "are more than there are lines that they could befall");
    }

    String batch() {
        return batch;
    }

    Money payout() {
        close();
        return file.payout();
    }

    /** As it comes. */
    String csv() {
        var text = file.write(new Money(off(Kind.BATCH_TOTAL_WRONG), currency));
        return has(Kind.TRUNCATED_FILE) ? text.substring(0, text.length() - CUT) : text;
    }

    boolean isCsvSpoiled() {
        return has(Kind.TRUNCATED_FILE) || has(Kind.BATCH_TOTAL_WRONG);
    }

    /** As it should have come. */
    String corrected() {
        return file.write(Money.zero(currency));
    }

    /** The bank's, as it comes. */
    String spoil(StatementFile statement) {
        var off = new Money(off(Kind.BALANCE_GAP), currency);
        var text =
                new StatementFile(
                                statement.number(),
                                statement.opening().plus(off),
                                statement.payout(),
                                statement.batch(),
                                statement.day(),
                                statement.at())
                        .write();
        return has(Kind.TRUNCATED_STATEMENT) ? text.substring(0, text.length() - CUT) : text;
    }

    /** What the next batch need not bring any more. */
    List<String> settled() {
        return settled;
    }

    List<Injected> injected() {
        return injected;
    }

    private boolean has(Kind kind) {
        return ofFiles.stream().anyMatch(it -> it.kind() == kind);
    }

    private long off(Kind kind) {
        return ofFiles.stream()
                .filter(it -> it.kind() == kind)
                .mapToLong(SettlementFault::off)
                .sum();
    }

    private static @Nullable String text(@Nullable UUID id) {
        return id == null ? null : id.toString();
    }
}
