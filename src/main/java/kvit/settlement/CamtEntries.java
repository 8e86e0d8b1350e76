package kvit.settlement;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import kvit.money.Currency;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.Locator;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Makes statements and entries of elements that are as the schema wants them. By their local names,
 * which are the same in all versions but for where the status of an entry stands.
 */
final class CamtEntries extends DefaultHandler {

    private static final int DESCRIPTION_MAX = 1_000;

    /** What a bank prints of a processor's payout: {@code BATCH 42}. */
    private static final Pattern BATCH =
            Pattern.compile("\\bBATCH[ :#-]{1,3}([A-Za-z0-9-]{1,40})", Pattern.CASE_INSENSITIVE);

    /** What SEPA puts where the payer has named nothing. */
    private static final String NOTHING = "NOTPROVIDED";

    private final StatementSink sink;
    private final Faults faults;
    private final Deque<Integer> lengths = new ArrayDeque<>();
    private final StringBuilder path = new StringBuilder();
    private final StringBuilder text = new StringBuilder();
    private Locator locator = new org.xml.sax.helpers.LocatorImpl();
    private String currency = "";

    private Map<String, String> statement = new HashMap<>();
    private Map<String, String> balance = new HashMap<>();
    private Map<String, String> entry = new HashMap<>();
    private final Map<String, StatementSink.Dated> balances = new HashMap<>();
    private final List<String> remittance = new ArrayList<>();
    private int transactions;
    private int entriesOfStatement;
    private int entries;

    CamtEntries(StatementSink sink, Faults faults) {
        this.sink = sink;
        this.faults = faults;
    }

    @Override
    public void setDocumentLocator(Locator locator) {
        this.locator = locator;
    }

    @Override
    public void startElement(String uri, String name, String qualified, Attributes attributes) {
        lengths.push(path.length());
        path.append('/').append(name);
        text.setLength(0);
        var ccy = attributes.getValue("Ccy");
        if (ccy != null) {
            currency = ccy;
        }
        switch (path.toString()) {
            case "/Document/BkToCstmrStmt/Stmt" -> {
                statement = new HashMap<>();
                balances.clear();
                entriesOfStatement = 0;
            }
            case "/Document/BkToCstmrStmt/Stmt/Bal" -> balance = new HashMap<>();
            case "/Document/BkToCstmrStmt/Stmt/Ntry" -> {
                entry = new HashMap<>();
                remittance.clear();
                transactions = 0;
            }
            default -> {
                // Whatever else begins has nothing to be made ready for.
            }
        }
    }

    @Override
    public void characters(char[] chars, int offset, int length) {
        text.append(chars, offset, length);
    }

    @Override
    public void endElement(String uri, String name, String qualified) {
        // What the schema minds is told as that, and not once more as what it leads to.
        if (!faults.areAny()) {
            var at = path.toString();
            var prefix = "/Document/BkToCstmrStmt/Stmt";
            if (at.equals(prefix)) {
                endStatement();
            } else if (at.startsWith(prefix)) {
                endWithin(at.substring(prefix.length() + 1), text.toString().strip());
            }
        }
        text.setLength(0);
        path.setLength(lengths.pop());
    }

    private void endWithin(String at, String value) {
        switch (at) {
            case "Bal" -> endBalance();
            case "Ntry" -> endEntry();
            case "Ntry/NtryDtls/TxDtls" -> transactions++;
            case "Ntry/NtryDtls/TxDtls/RmtInf/Ustrd",
                    "Ntry/NtryDtls/TxDtls/RmtInf/Strd/CdtrRefInf/Ref",
                    "Ntry/NtryDtls/TxDtls/AddtlTxInf" ->
                    remittance.add(value);
            case "Bal/Amt", "Ntry/Amt" -> {
                var of = at.startsWith("Bal") ? balance : entry;
                of.put("Amt", value);
                of.put("Ccy", currency);
            }
            default -> {
                if (at.startsWith("Bal/")) {
                    balance.put(at.substring(4), value);
                } else if (at.startsWith("Ntry/")) {
                    entry.put(at.substring(5), value);
                } else {
                    statement.put(at, value);
                }
            }
        }
    }

    private void endBalance() {
        var type = balance.get("Tp/CdOrPrtry/Cd");
        // Of those of the day only these two prove anything; the rest may be in other currencies.
        if ("OPBD".equals(type) || "PRCD".equals(type) || "CLBD".equals(type)) {
            var amount = amount(balance);
            var day = day(balance, "Dt");
            if (amount != null && day != null) {
                balances.put(type, new StatementSink.Dated(amount, day));
            }
        }
    }

    private void endStatement() {
        var account = statement.get("Acct/Id/IBAN");
        if (account == null) {
            account = statement.getOrDefault("Acct/Id/Othr/Id", "");
        }
        var number = statement.get("ElctrncSeqNb");
        if (number == null) {
            number = statement.get("LglSeqNb");
        }
        var opening = balances.get("OPBD");
        sink.statement(
                new StatementSink.Draft(
                        account,
                        statement.get("Acct/Ccy"),
                        statement.getOrDefault("Id", ""),
                        count(number),
                        opening == null ? balances.get("PRCD") : opening,
                        balances.get("CLBD"),
                        count(statement.get("TxsSummry/TtlNtries/NbOfNtries")),
                        entriesOfStatement,
                        locator.getLineNumber()));
    }

    private void endEntry() {
        entriesOfStatement++;
        var status = entry.getOrDefault("Sts/Cd", entry.getOrDefault("Sts", ""));
        if (!status.equals("BOOK")) {
            // Announced or for information: it is in no balance yet.
            return;
        }
        var amount = amount(entry);
        var bookedOn =
                entry.containsKey("BookgDt/Dt") || entry.containsKey("BookgDt/DtTm")
                        ? day(entry, "BookgDt")
                        : day(entry, "ValDt");
        var valueOn =
                entry.containsKey("ValDt/Dt") || entry.containsKey("ValDt/DtTm")
                        ? day(entry, "ValDt")
                        : null;
        if (amount == null || bookedOn == null) {
            return;
        }
        var description = description();
        sink.entry(
                new SettlementLine(
                        ++entries,
                        LineType.BANK_TRANSFER,
                        reference(),
                        external(),
                        null,
                        amount,
                        Money.zero(amount.currency()),
                        amount,
                        bookedOn,
                        valueOn,
                        batch(description),
                        description),
                locator.getLineNumber());
    }

    private @Nullable String reference() {
        var name = single("EndToEndId");
        return NOTHING.equals(name) ? null : name;
    }

    /** The bank's name for the entry, or, where it is one transaction, for that. */
    private @Nullable String external() {
        var name = entry.get("AcctSvcrRef");
        return name == null || name.isEmpty() ? single("AcctSvcrRef") : name;
    }

    private @Nullable String single(String reference) {
        var value = entry.get("NtryDtls/TxDtls/Refs/" + reference);
        return transactions != 1 || value == null || value.isEmpty() ? null : value;
    }

    private @Nullable String description() {
        var further = entry.get("AddtlNtryInf");
        if (further != null) {
            remittance.add(further);
        }
        var all = String.join(" ", remittance).strip().replaceAll("\\s+", " ");
        return all.isEmpty() ? null : all.substring(0, Math.min(all.length(), DESCRIPTION_MAX));
    }

    private @Nullable String batch(@Nullable String description) {
        var found = BATCH.matcher(description == null ? "" : description);
        return found.find() ? found.group(1) : null;
    }

    /** Of a debit it is negative; that it reverses something is said by that already. */
    private @Nullable Money amount(Map<String, String> of) {
        var code = of.getOrDefault("Ccy", "");
        var unit = Currency.of(code).orElse(null);
        if (unit == null) {
            fault("Ccy", code + " is no currency of ISO 4217");
            return null;
        }
        try {
            var decimal = new BigDecimal(of.getOrDefault("Amt", ""));
            var minor = decimal.movePointRight(unit.digits()).longValueExact();
            return new Money("DBIT".equals(of.get("CdtDbtInd")) ? -minor : minor, unit);
        } catch (NumberFormatException | ArithmeticException e) {
            fault(
                    "Amt",
                    "is no whole number of minor units of %s, or beyond 2^53 - 1".formatted(unit));
            return null;
        }
    }

    /** The bank's day: that of its own clock, where it says a time. */
    private @Nullable LocalDate day(Map<String, String> of, String what) {
        var value = of.getOrDefault(what + "/Dt", of.getOrDefault(what + "/DtTm", ""));
        try {
            return LocalDate.parse(value.substring(0, Math.min(10, value.length())));
        } catch (DateTimeException e) {
            fault(what, value.isEmpty() ? "is missing" : "is no day of our time");
            return null;
        }
    }

    private static @Nullable Long count(@Nullable String number) {
        try {
            return number == null ? null : (Long) new BigDecimal(number).longValueExact();
        } catch (NumberFormatException | ArithmeticException e) {
            return null;
        }
    }

    private void fault(String element, String message) {
        faults.add(FileFault.UNPARSEABLE, locator.getLineNumber(), element, message);
    }
}
