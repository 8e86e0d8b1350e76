package kvit.sandbox;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import kvit.money.Currency;
import kvit.money.Money;
import org.jspecify.annotations.Nullable;

/** The processor's file about one batch, line by line, and what it comes to. */
final class BatchFile {

    static final String HEADER =
            "line,psp_reference,merchant_reference,type,gross,fee,net,currency,booked_on,batch\n";

    private record Line(
            @Nullable String external,
            @Nullable String reference,
            String type,
            Money gross,
            Money fee) {}

    private final Currency currency;
    private final String batch;
    private final LocalDate day;
    private final List<Line> lines = new ArrayList<>();
    private Money payout;

    BatchFile(Currency currency, String batch, LocalDate day) {
        this.currency = currency;
        this.batch = batch;
        this.day = day;
        this.payout = Money.zero(currency);
    }

    /**
     * Adds a line, and says its number, from 1.
     *
     * @param fee what the processor keeps of it
     */
    int add(
            String type,
            @Nullable String external,
            @Nullable String reference,
            Money gross,
            Money fee) {
        lines.add(new Line(external, reference, type, gross, fee));
        // What names another currency is not paid in this one.
        if (gross.currency() == currency) {
            payout = payout.plus(gross.minus(fee));
        }
        return lines.size();
    }

    Money payout() {
        return payout;
    }

    /**
     * @param off by how much the payout is not what the lines come to
     */
    String write(Money off) {
        var text = new StringBuilder(HEADER);
        var number = 0;
        for (var line : lines) {
            text.append(++number)
                    .append(',')
                    .append(text(line.external))
                    .append(',')
                    .append(text(line.reference))
                    .append(',')
                    .append(line.type)
                    .append(',')
                    .append(plain(line.gross))
                    .append(',')
                    .append(plain(line.fee))
                    .append(',')
                    .append(plain(line.gross.minus(line.fee)));
            end(text, line.gross.currency());
        }
        text.append(number + 1)
                .append(",,,MerchantPayout,,,")
                .append(plain(payout.plus(off).negate()));
        end(text, currency);
        return text.toString();
    }

    private void end(StringBuilder text, Currency of) {
        text.append(',').append(of).append(',').append(day).append(',').append(batch).append('\n');
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    static String plain(Money amount) {
        return BigDecimal.valueOf(amount.minor(), amount.currency().digits()).toPlainString();
    }
}
