package kvit.settlement;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import kvit.operate.AtWork;
import kvit.operate.AuditTrail;
import kvit.problem.Causes;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Ids;
import org.jspecify.annotations.Nullable;

/**
 * Takes a file in: it is read to its end first, and only then kept, all of it with its lines, or,
 * where it is no good, its bytes with what is wrong with them.
 */
@ApplicationScoped
class UploadFile {

    record Upload(String source, String name, String reason) {}

    /**
     * @param isNew false where the same bytes had been taken before
     */
    record Uploaded(FileView file, boolean isNew) {}

    /** What one statement carries: enough that the way there and back costs little. */
    private static final int PORTION = 2_000;

    /**
     * Of two statements that both want to be the next of one account, the second sees the first.
     */
    private static final int ATTEMPTS_MAX = 5;

    /** The place is taken, or the one before it was given up: look again. */
    private static final Set<String> LOST = Set.of("23505", "23503");

    private final SourceStore sources;
    private final FileStore files;
    private final LineStore lines;
    private final CheckFile check;
    private final AuditTrail audit;
    private final AtWork atWork;
    private final SettlementConfig config;
    private final Clock clock;
    private final Ids ids;

    UploadFile(
            SourceStore sources,
            FileStore files,
            LineStore lines,
            CheckFile check,
            AuditTrail audit,
            AtWork atWork,
            SettlementConfig config,
            Clock clock,
            Ids ids) {
        this.sources = sources;
        this.files = files;
        this.lines = lines;
        this.check = check;
        this.audit = audit;
        this.atWork = atWork;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * @throws Problem SETTLEMENT_SOURCE_UNKNOWN, BODY_TOO_LARGE; or SETTLEMENT_FILE_REFUSED, and
     *     then it is kept as refused
     */
    Uploaded upload(Upload order, InputStream body) throws IOException {
        var source =
                sources.find(order.source())
                        .filter(SettlementSource::active)
                        .orElseThrow(
                                () ->
                                        SettlementProblem.SETTLEMENT_SOURCE_UNKNOWN.because(
                                                "There is no active source of that code."));
        try (var spool = Spool.of(body, config.fileMax().asLongValue())) {
            for (var attempt = 1; ; attempt++) {
                try {
                    return answer(take(order, source, spool));
                } catch (RuntimeException e) {
                    if (attempt == ATTEMPTS_MAX || !isLost(e)) {
                        throw e;
                    }
                }
            }
        }
    }

    private static boolean isLost(RuntimeException failure) {
        return Causes.of(failure).stream()
                .anyMatch(it -> it instanceof SQLException sql && LOST.contains(sql.getSQLState()));
    }

    private static Uploaded answer(Uploaded uploaded) {
        var file = uploaded.file();
        if (file.state() == FileView.State.REJECTED) {
            var first = file.errors().get(0);
            var line = first.line() == null ? "" : "Line " + first.line() + ": ";
            var column = first.column() == null ? "" : first.column() + " ";
            throw SettlementProblem.SETTLEMENT_FILE_REFUSED
                    .because(line + column + first.message() + ".")
                    .with("fileId", file.id())
                    .with("fault", String.valueOf(file.fault()))
                    .with("errors", file.errors());
        }
        return uploaded;
    }

    private Uploaded take(Upload order, SettlementSource source, Spool spool) throws IOException {
        var known = files.find(source.code(), spool.sha256Hex()).orElse(null);
        if (known != null && known.state() == FileView.State.VALIDATED) {
            return new Uploaded(known, false);
        }
        var file = known == null ? received(order, source, spool) : known;
        try {
            Contents contents;
            try (var bytes = spool.open()) {
                contents = check.read(source, bytes, line -> {});
            }
            var before = check.follows(source, contents);
            var good = file.good(source, contents);
            return keep(
                    order,
                    good,
                    contents.part(),
                    known == null,
                    spool,
                    () -> {
                        if (contents.part() != null || !contents.statements().isEmpty()) {
                            sources.lock(source.code());
                        }
                        insertLines(source, spool, good.id(), contents);
                        var place = before;
                        for (var statement : contents.statements()) {
                            place = place.next();
                            lines.append(good.id(), source.code(), place, statement);
                        }
                    });
        } catch (FileRefused e) {
            var bad = file.bad(source, e);
            return known != null && bad.equals(known)
                    ? new Uploaded(known, false)
                    : keep(order, bad, null, known == null, spool, () -> {});
        }
    }

    private FileView received(Upload order, SettlementSource source, Spool spool) {
        return FileView.received(
                ids.next(),
                source,
                spool.sha256Hex(),
                order.name(),
                spool.bytes(),
                clock.instant(),
                atWork.email());
    }

    /** What comes with it is written in the same transaction. */
    private interface Rest {
        void write() throws IOException;
    }

    private Uploaded keep(
            Upload order,
            FileView file,
            @Nullable String part,
            boolean isNew,
            Spool spool,
            Rest rest) {
        return QuarkusTransaction.requiringNew()
                .call(
                        () -> {
                            if (!(isNew ? files.insert(file, part) : files.update(file, part))) {
                                // Somebody else has brought the same bytes in the meantime.
                                var other = files.find(file.source(), file.sha256());
                                return new Uploaded(other.orElseThrow(), false);
                            }
                            if (isNew) {
                                spool.read((at, bytes) -> files.append(file.id(), at, bytes));
                            }
                            rest.write();
                            audit.record(
                                    "settlement-files.upload",
                                    file.source() + "/" + file.id(),
                                    order.reason());
                            return new Uploaded(file, true);
                        });
    }

    private void insertLines(SettlementSource source, Spool spool, UUID file, Contents contents)
            throws IOException {
        var waiting = new ArrayList<SettlementLine>(PORTION);
        try (var bytes = spool.open()) {
            check.read(
                    source,
                    bytes,
                    line -> {
                        waiting.add(line);
                        if (waiting.size() == PORTION) {
                            insert(source, file, contents, waiting);
                            waiting.clear();
                        }
                    });
        }
        if (!waiting.isEmpty()) {
            insert(source, file, contents, waiting);
        }
    }

    private void insert(
            SettlementSource source, UUID file, Contents contents, List<SettlementLine> portion) {
        if (contents.part() != null) {
            check.requireUnsaid(source, file, contents, portion);
        }
        lines.insert(file, source.code(), portion);
    }
}
