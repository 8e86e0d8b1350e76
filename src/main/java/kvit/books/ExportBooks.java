package kvit.books;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import kvit.books.WholeBooks.Use;
import kvit.database.Statements;
import kvit.operate.AuditTrail;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Writes any number of rows in constant memory: they come from the database in portions and go to
 * whoever asked before the next one is fetched.
 */
@ApplicationScoped
class ExportBooks {

    enum Format {
        CSV,
        JSONL
    }

    /** Which rows: from there, and before that. */
    record Span(@Nullable Instant from, @Nullable Instant to) {

        String first() {
            return from == null ? "-infinity" : from.toString();
        }

        String end() {
            return to == null ? "infinity" : to.toString();
        }
    }

    /** The database sorts before it has a first row. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int BUFFER = 64 * 1024;

    /** What the audit trail keeps of one: the moments are the first that are not in it. */
    private record Taken(Format format, @Nullable Instant from, @Nullable Instant to) {}

    private record TakenBalance(Format format, @Nullable Instant asOf, @Nullable Instant knownAt) {}

    private final WholeBooks wholeBooks;
    private final TakeTrialBalance takeTrialBalance;
    private final Watch watch;
    private final AuditTrail audit;
    private final BooksConfig config;
    private final ObjectMapper json;

    ExportBooks(
            WholeBooks wholeBooks,
            TakeTrialBalance takeTrialBalance,
            Watch watch,
            AuditTrail audit,
            BooksConfig config,
            ObjectMapper json) {
        this.wholeBooks = wholeBooks;
        this.takeTrialBalance = takeTrialBalance;
        this.watch = watch;
        this.audit = audit;
        this.config = config;
        this.json = json;
    }

    /**
     * To be written once, when the answer has begun.
     *
     * @throws Problem BOOKS_BUSY
     */
    StreamingOutput export(Export export, Format format, Span span) {
        // What is refused after the answer has begun is a broken connection, and tells nobody why.
        wholeBooks.requireRoom(Use.EXPORT);
        tell(export.name().toLowerCase(Locale.ROOT), new Taken(format, span.from(), span.to()));
        var watched = watch.begin();
        return out -> {
            try (watched) {
                wholeBooks.reading(
                        Use.EXPORT,
                        PATIENCE,
                        config.exportStall(),
                        it -> {
                            write(it, export, format, span, watched.counting(out));
                            return true;
                        });
            }
        };
    }

    /** Before the first byte: nobody takes the books away without a name. */
    private void tell(String what, Object taken) {
        QuarkusTransaction.requiringNew()
                .run(() -> audit.record("books.export", what, "Taken out.", null, taken));
    }

    /**
     * A trial balance has few rows, and is the same in all other respects.
     *
     * @throws Problem BOOKS_BUSY
     */
    StreamingOutput trialBalance(Format format, @Nullable Instant asOf, @Nullable Instant knownAt) {
        var balance = takeTrialBalance.take(asOf, knownAt);
        tell("trial-balance", new TakenBalance(format, asOf, knownAt));
        return out -> {
            var writer = writer(out);
            var lines = lines(format, writer);
            lines.header(List.of("kind", "currency", "debit", "credit", "balance", "entries"));
            for (var it : balance.items()) {
                lines.row(
                        List.of(
                                it.kind(),
                                it.currency(),
                                it.debit(),
                                it.credit(),
                                it.balance(),
                                it.entries()));
            }
            writer.flush();
        };
    }

    /** Row by row, for a connection that is in a transaction. */
    void write(Statements statements, Export export, Format format, Span span, OutputStream out) {
        try {
            var writer = writer(out);
            var lines = lines(format, writer);
            var columns = export.columns();
            lines.header(columns);
            statements.forEach(
                    export.sql(),
                    in -> in.text(span.first()).text(span.end()),
                    row -> write(row, columns.size(), lines));
            writer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("whoever asked for it has gone", e);
        }
    }

    private static BufferedWriter writer(OutputStream out) {
        return new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), BUFFER);
    }

    private Lines lines(Format format, BufferedWriter writer) throws IOException {
        return format == Format.CSV ? new Lines.Csv(writer) : new Lines.Json(writer, json);
    }

    private static void write(ResultSet row, int columns, Lines lines) throws SQLException {
        var values = new ArrayList<@Nullable Object>(columns);
        for (var i = 1; i <= columns; i++) {
            var value = row.getObject(i);
            values.add(value instanceof Timestamp time ? time.toInstant() : value);
        }
        try {
            lines.row(values);
        } catch (IOException e) {
            throw new UncheckedIOException("whoever asked for it has gone", e);
        }
    }
}
