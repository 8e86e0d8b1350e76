package kvit.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many files, and long ones. {@code -Dkvit.settlement.lines=100000} reads one at full length. */
class AtLengthTest {

    private static final int FILES = 200;
    private static final int LINES = Integer.getInteger("kvit.settlement.lines", 10_000);

    /** Forgets lines, and knows of how many nobody else has. */
    private static final class Forgetful {

        private final List<WeakReference<SettlementLine>> seen = new ArrayList<>();
        private int most;

        void take(SettlementLine line) {
            seen.add(new WeakReference<>(line));
            if (seen.size() % 5_000 == 0) {
                System.gc();
                most = Math.max(most, (int) seen.stream().filter(it -> it.get() != null).count());
            }
        }
    }

    private final long seed = Long.getLong("kvit.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void whatIsWrittenIsWhatIsRead() {
        for (var i = 0; i < FILES; i++) {
            var currency = Currency.values()[random.nextInt(Currency.values().length)];
            var written = lines(currency);
            var read = Samples.csv(write(written));
            assertThat(read.lines()).as("-Dkvit.seed=" + seed).isEqualTo(written);
            assertThat(read.contents().currency()).isEqualTo(currency);
            assertThat(read.contents().lineCount()).isEqualTo(written.size());
        }
    }

    private List<SettlementLine> lines(Currency currency) {
        var lines = new ArrayList<SettlementLine>();
        var sum = Money.zero(currency);
        var types = List.of(LineType.CHARGE, LineType.REFUND, LineType.FEE, LineType.CORRECTION);
        for (var number = 1; number <= 1 + random.nextInt(30); number++) {
            var bits = random.nextInt(45);
            var gross = new Money(random.nextLong() >> (63 - bits), currency);
            var fee = new Money(random.nextInt(2_000) - 1_000L, currency);
            var net = gross.minus(fee);
            sum = sum.plus(net);
            var type = types.get(random.nextInt(types.size()));
            lines.add(line(number, type, text(), text(), gross, fee, net));
        }
        var zero = Money.zero(currency);
        var payout = sum.negate();
        lines.add(line(lines.size() + 1, LineType.BANK_TRANSFER, null, null, payout, zero, payout));
        return lines;
    }

    private static SettlementLine line(
            int number,
            LineType type,
            String reference,
            String external,
            Money gross,
            Money fee,
            Money net) {
        return new SettlementLine(
                number,
                type,
                reference,
                external,
                null,
                gross,
                fee,
                net,
                LocalDate.of(2026, 11, 1).plusDays(number % 20),
                null,
                "b 7",
                null);
    }

    /** With all that makes a CSV hard, but for line ends, which no name has. */
    private String text() {
        var letters = "ab\"',;é€ x=+-@0\\";
        var text = new StringBuilder();
        for (var i = random.nextInt(8); i > 0; i--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.isEmpty() ? null : text.toString();
    }

    private static String write(List<SettlementLine> lines) {
        var text = new StringBuilder(Samples.HEADER);
        for (var line : lines) {
            var type =
                    Samples.TYPES.entrySet().stream()
                            .filter(it -> it.getValue() == line.type())
                            .findFirst()
                            .orElseThrow()
                            .getKey();
            text.append(
                    "%d,%s,%s,%s,%s,%s,%s,%s,%s,%s\r\n"
                            .formatted(
                                    line.number(),
                                    quoted(line.external()),
                                    quoted(line.reference()),
                                    type,
                                    AmountText.write(line.gross()),
                                    AmountText.write(line.fee()),
                                    AmountText.write(line.net()),
                                    line.net().currency(),
                                    line.bookedOn(),
                                    line.batch()));
        }
        return text.toString();
    }

    private static String quoted(String text) {
        return text == null ? "" : '"' + text.replace("\"", "\"\"") + '"';
    }

    @Test
    @Timeout(30)
    void aLongFileIsReadInConstantMemory() throws IOException {
        var lines = new Forgetful();
        var source = Samples.processor(Samples.profile(), null);
        new CsvReader(source, CsvForm.of(source.profile()), Samples.DATES)
                .read(
                        new Endless(
                                Samples.HEADER,
                                LINES,
                                "%d,p%1$d,r%1$d,Settled,1.00,0.00,1.00,EUR," + "2026-11-20,42\n",
                                "%d,,,MerchantPayout,,,-%d.00,EUR,2026-11-20,42\n"),
                        lines::take);
        assertThat(lines.seen).hasSize(LINES + 1);
        assertThat(lines.most).isLessThan(10);
    }

    @Test
    @Timeout(30)
    void aLongStatementIsReadInConstantMemory() throws IOException {
        var good = CamtReaderTest.document("08", CamtReaderTest.statement(""));
        var begin = good.substring(0, good.indexOf("<Ntry>"));
        var end = good.substring(good.indexOf("<!--more-->"));
        var one = good.substring(good.indexOf("<Ntry>"), good.indexOf("</Ntry>") + 7);
        var lines = new Forgetful();
        var cents = 10_00L + 272_59L * LINES;
        var checks = new StatementChecks(Samples.bank(null, null), Samples.DATES, lines::take);
        CamtReader.read(
                new Endless(
                        begin.replace("280.00", cents / 100 + "." + "%02d".formatted(cents % 100)),
                        LINES,
                        one.replace("%", "%%"),
                        end.replace("%", "%%")),
                checks);
        assertThat(checks.contents().lineCount()).isEqualTo(LINES);
        assertThat(lines.most).isLessThan(10);
    }

    /** A file that is never there as a whole. */
    private static final class Endless extends InputStream {

        private final String line;
        private final String last;
        private final int lines;
        private int next = 1;
        private InputStream part;

        Endless(String begin, int lines, String line, String last) {
            this.part = new ByteArrayInputStream(Samples.utf8(begin));
            this.lines = lines;
            this.line = line;
            this.last = last;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int room) throws IOException {
            for (; ; ) {
                var read = part.read(buffer, offset, room);
                if (read >= 0 || next > lines + 1) {
                    return read;
                }
                var text = next <= lines ? line.formatted(next) : last.formatted(next, lines);
                next++;
                part = new ByteArrayInputStream(Samples.utf8(text));
            }
        }
    }

    @Test
    void ofABodyThatIsTooLongTheRestIsNotRead() throws IOException {
        var body =
                new InputStream() {
                    private long read;

                    @Override
                    public int read() {
                        read++;
                        return 'x';
                    }
                };
        assertThatThrownBy(() -> Spool.of(body, 1_000_000))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("at most");
        assertThat(body.read).isBetween(1_000_001L, 1_200_000L);

        try (var spool = Spool.of(new ByteArrayInputStream(Samples.utf8("abc")), 3)) {
            assertThat(spool.bytes()).isEqualTo(3);
            assertThat(spool.open().readAllBytes()).isEqualTo(Samples.utf8("abc"));
            assertThat(spool.sha256Hex()).startsWith("ba7816bf8f01cfea");
        }
    }
}
