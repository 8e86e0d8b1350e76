package kvit.operate;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The digest by which a row of the audit trail covers itself and all rows before it: SHA-256 over
 * the digest before and every value with its length before it, so that no two rows read the same.
 *
 * <p>The function audit_digest of the database makes the same when a row is written. It is made
 * here a second time, because whoever bends the rows can bend that function, too.
 */
final class AuditDigest {

    private AuditDigest() {}

    /**
     * In hex.
     *
     * @param previous in hex; null before the first
     */
    static String of(long number, @Nullable String previous, AuditRow row) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(HexFormat.of().parseHex(previous == null ? "" : previous));
        put(bytes, number);
        put(bytes, row.id());
        put(bytes, ChronoUnit.MICROS.between(Instant.EPOCH, row.at()));
        put(bytes, row.operator());
        put(bytes, row.who());
        put(bytes, String.join(",", row.roles()));
        put(bytes, row.action());
        put(bytes, row.step());
        put(bytes, row.resource());
        put(bytes, row.reason());
        put(bytes, row.before());
        put(bytes, row.after());
        put(bytes, row.address());
        put(bytes, row.requestId());
        put(bytes, row.approval());
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void put(ByteArrayOutputStream bytes, @Nullable Object value) {
        if (value == null) {
            bytes.write('-');
            return;
        }
        var text = Objects.toString(value).getBytes(StandardCharsets.UTF_8);
        bytes.writeBytes((text.length + ":").getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(text);
    }
}
