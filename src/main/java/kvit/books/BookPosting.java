package kvit.books;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A posting with its entries as they stand in the tables, whatever they are.
 *
 * @param place where it stands in the order of commits
 * @param lines in the order of their accounts
 */
record BookPosting(
        Place place,
        String kind,
        Instant effectiveAt,
        Instant createdAt,
        @Nullable UUID reverses,
        List<Line> lines) {

    /**
     * One entry.
     *
     * @param accountKind null where there is no such account, as is its currency
     */
    record Line(
            UUID account,
            @Nullable String accountKind,
            @Nullable String currency,
            long sequence,
            long minor,
            long balanceAfter,
            Instant at) {}

    UUID id() {
        return place.posting();
    }

    /**
     * SHA-256 of all that it says, each field of a fixed length or led by it: what it is of stands
     * in docs/decisions/0029, for whoever keeps the books elsewhere and compares.
     */
    byte[] digest(MessageDigest sha256) {
        var bytes = new ByteArrayOutputStream(64 + 64 * lines.size());
        try (var out = new DataOutputStream(bytes)) {
            out.writeLong(place.transaction());
            write(out, id());
            var text = kind.getBytes(StandardCharsets.UTF_8);
            out.writeInt(text.length);
            out.write(text);
            out.writeLong(micros(effectiveAt));
            out.writeLong(micros(createdAt));
            out.writeBoolean(reverses != null);
            if (reverses != null) {
                write(out, reverses);
            }
            out.writeInt(lines.size());
            for (var line : lines) {
                write(out, line.account());
                out.writeLong(line.sequence());
                out.writeLong(line.minor());
                out.writeLong(line.balanceAfter());
                out.writeLong(micros(line.at()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
        return sha256.digest(bytes.toByteArray());
    }

    private static void write(DataOutputStream out, UUID id) throws IOException {
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }
}
