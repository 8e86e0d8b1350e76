package kvit.settlement;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import kvit.source.Clock;

/** Whether a file is what it should be: by itself, and after those that came before it. */
@ApplicationScoped
class CheckFile {

    private final LineStore lines;
    private final Clock clock;

    CheckFile(LineStore lines, Clock clock) {
        this.lines = lines;
        this.clock = clock;
    }

    /**
     * Reads it.
     *
     * @param each is given each line before it is known whether the file is good
     * @throws FileRefused where it is not
     */
    Contents read(SettlementSource source, InputStream bytes, Consumer<SettlementLine> each)
            throws IOException {
        var dates = new DateSense(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
        if (source.format() == Format.CSV) {
            var form = CsvForm.of(Objects.requireNonNull(source.profile()));
            return new CsvReader(source, form, dates).read(bytes, each);
        }
        var checks = new StatementChecks(source, dates, each);
        CamtReader.read(bytes, checks);
        return checks.contents();
    }

    /**
     * Of statements, how many of that account there were before it.
     *
     * @throws FileRefused where they do not go on where the last one has ended
     */
    int follows(SettlementSource source, Contents contents) {
        if (contents.statements().isEmpty()) {
            return 0;
        }
        var next = contents.statements().get(0);
        var currency = next.opening().currency();
        var last = lines.last(next.account(), currency).orElse(null);
        if (last == null) {
            return 0;
        }
        if (!last.closing().equals(next.opening())) {
            throw gap(next, StatementChecks.gap(next.opening(), last.closing()));
        }
        var isSameYear = last.closedOn().getYear() == next.closedOn().getYear();
        if (isSameYear
                && last.number() != null
                && next.number() != null
                && next.number() <= last.number()) {
            throw gap(
                    next,
                    "has the number %d, where the one before has %d"
                            .formatted(next.number(), last.number()));
        }
        return last.sequence();
    }

    private static FileRefused gap(Statement statement, String message) {
        return new FileRefused(
                FileFault.BALANCE_GAP,
                List.of(new FileError(null, "Stmt " + statement.name(), message)));
    }
}
