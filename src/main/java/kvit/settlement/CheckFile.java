package kvit.settlement;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/** Whether a file is what it should be: by itself, and after those that came before it. */
@ApplicationScoped
class CheckFile {

    private final FileStore files;
    private final LineStore lines;
    private final ChainStore chains;
    private final SettlementConfig config;
    private final Clock clock;

    CheckFile(
            FileStore files,
            LineStore lines,
            ChainStore chains,
            SettlementConfig config,
            Clock clock) {
        this.files = files;
        this.lines = lines;
        this.chains = chains;
        this.config = config;
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
        var counted = upTo(config.linesMax(), each);
        if (source.format() == Format.CSV) {
            var form = CsvForm.of(Objects.requireNonNull(source.profile()));
            return new CsvReader(source, form, dates).read(bytes, counted);
        }
        var checks = new StatementChecks(source, dates, counted);
        CamtReader.read(bytes, checks);
        return checks.contents();
    }

    /** What nobody could reconcile is not taken. */
    private static Consumer<SettlementLine> upTo(int max, Consumer<SettlementLine> each) {
        return line -> {
            if (line.number() > max) {
                throw new FileRefused(
                        FileFault.UNPARSEABLE, null, "has more than %d lines".formatted(max));
            }
            each.accept(line);
        };
    }

    /**
     * Of statements, where the last one of that account stands.
     *
     * @throws FileRefused where they do not go on where the last one has ended, or where a batch
     *     was explained before
     */
    LineStore.Place follows(SettlementSource source, Contents contents) {
        if (contents.statements().isEmpty()) {
            requireNewBatch(source, contents);
            return LineStore.Place.START;
        }
        var next = contents.statements().get(0);
        var currency = next.opening().currency();
        var last = lines.last(next.account(), currency).orElse(null);
        var anew = chains.newest(next.account(), currency).orElse(null);
        if (anew != null && (last == null || anew.chain() > last.place().chain())) {
            requireNoGap(next, anew.fault(next));
            return new LineStore.Place(anew.chain(), 0);
        }
        if (last == null) {
            return LineStore.Place.START;
        }
        requireNoGap(
                next,
                new Chain(last.closing(), last.number(), last.closedOn())
                        .fault(next, source.skipsNumbers()));
        return last.place();
    }

    private static void requireNoGap(Statement next, @Nullable String gap) {
        if (gap != null) {
            throw new FileRefused(
                    FileFault.BALANCE_GAP,
                    List.of(new FileError(null, "Stmt " + next.name(), gap)));
        }
    }

    /**
     * Of a part of a day, that no other part of these days has said what these lines say. Two that
     * come at once are asked one after the other.
     *
     * @throws FileRefused where one has
     */
    void requireUnsaid(
            SettlementSource source, UUID file, Contents contents, List<SettlementLine> portion) {
        lines.said(source.code(), file, contents, portion)
                .ifPresent(
                        it -> {
                            throw saidBefore("line " + it.number(), it.file());
                        });
    }

    private static FileRefused saidBefore(String what, UUID file) {
        return new FileRefused(
                FileFault.BATCH_REPEATED,
                List.of(new FileError(null, what, "was said by the file " + file)));
    }

    /** Written anew it has other bytes, and its payout and its fees would count twice. */
    private void requireNewBatch(SettlementSource source, Contents contents) {
        if (contents.part() != null) {
            // The rest its lines tell, one by one, when they are written.
            files.ofPart(source.code(), contents)
                    .ifPresent(
                            it -> {
                                throw saidBefore("all of it", it);
                            });
            return;
        }
        files.ofBatch(source.code(), contents)
                .ifPresent(
                        it -> {
                            throw new FileRefused(
                                    FileFault.BATCH_REPEATED,
                                    null,
                                    "%s was explained by the file %s"
                                            .formatted(
                                                    contents.batch() == null
                                                            ? "what was booked from %s to %s"
                                                                    .formatted(
                                                                            contents.from(),
                                                                            contents.to())
                                                            : "batch " + contents.batch(),
                                                    it));
                        });
    }
}
