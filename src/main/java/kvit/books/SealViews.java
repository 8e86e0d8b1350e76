package kvit.books;

import static kvit.books.BooksProblem.SEAL_NOT_FOUND;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import kvit.database.Statements;
import kvit.problem.Problem;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The chain as it goes out. */
@ApplicationScoped
class SealViews {

    /**
     * @param key the public one, X.509 in base64
     * @param signature Ed25519 in base64, over the words
     */
    record SignedView(
            LocalDate day,
            long number,
            String digest,
            Instant signedAt,
            String words,
            String key,
            String signature) {}

    /** A posting and the digest of it and its entries, in hex. */
    record Mark(UUID posting, String digest) {}

    @Schema(name = "SealView")
    record View(
            long number,
            String previous,
            String digest,
            int postings,
            int entries,
            Instant sealedAt,
            List<Mark> content) {}

    private final DataSource source;

    SealViews(DataSource source) {
        this.source = source;
    }

    /** By day, the newest first. */
    List<SignedView> signed(@Nullable String before, int limit) {
        try (var connection = source.getConnection()) {
            return new SignatureStore(new Statements(connection))
                    .newest(before, limit).stream().map(SealViews::view).toList();
        } catch (SQLException e) {
            throw new IllegalStateException("no connection", e);
        }
    }

    private static SignedView view(SignedHead it) {
        var base64 = Base64.getEncoder();
        return new SignedView(
                it.day(),
                it.head().number(),
                it.head().digest(),
                it.signedAt(),
                it.words(),
                base64.encodeToString(it.key()),
                base64.encodeToString(it.signature()));
    }

    /**
     * @throws Problem SEAL_NOT_FOUND
     */
    View view(long number) {
        try (var connection = source.getConnection()) {
            return new SealStore(new Statements(connection))
                    .find(number)
                    .map(SealViews::view)
                    .orElseThrow(() -> SEAL_NOT_FOUND.because("No seal " + number + "."));
        } catch (SQLException e) {
            throw new IllegalStateException("no connection", e);
        }
    }

    private static View view(Seal seal) {
        var hex = HexFormat.of();
        var content = new ArrayList<Mark>();
        seal.marks()
                .forEach(
                        (posting, digest) ->
                                content.add(new Mark(posting, hex.formatHex(bytes(digest)))));
        return new View(
                seal.number(),
                hex.formatHex(seal.previous()),
                hex.formatHex(seal.digest()),
                seal.postings(),
                seal.entries(),
                seal.sealedAt(),
                content);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        var bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
