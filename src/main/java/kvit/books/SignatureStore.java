package kvit.books;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import kvit.database.Statements;
import org.jspecify.annotations.Nullable;

/** The table seal_signature. */
final class SignatureStore {

    private static final String COLUMNS =
            "day, number, digest, signed_at, previous, key, signature";

    private final Statements statements;

    SignatureStore(Statements statements) {
        this.statements = statements;
    }

    List<SignedHead> all() {
        return statements.query(
                "select " + COLUMNS + " from seal_signature order by day",
                in -> {},
                SignatureStore::signed);
    }

    Optional<SignedHead> last() {
        return statements.find(
                "select " + COLUMNS + " from seal_signature order by day desc limit 1",
                in -> {},
                SignatureStore::signed);
    }

    /**
     * By day, the newest first.
     *
     * @param before a day; null for the first page
     */
    List<SignedHead> newest(@Nullable String before, int limit) {
        return statements.query(
                "select "
                        + COLUMNS
                        + " from seal_signature where day < cast(? as date)"
                        + " order by day desc limit ?",
                in -> in.text(before == null ? "infinity" : before).number(limit),
                SignatureStore::signed);
    }

    /** False where another replica has signed on this day. */
    boolean insert(SignedHead signed) {
        return statements.update(
                        """
                        insert into seal_signature (day, number, digest, signed_at, previous, key,
                                                    signature)
                        values (cast(? as date), ?, ?, ?, cast(? as date), ?, ?)
                        on conflict do nothing
                        """,
                        in ->
                                in.text(signed.day().toString())
                                        .number(signed.head().number())
                                        .bytes(HexFormat.of().parseHex(signed.head().digest()))
                                        .time(signed.signedAt())
                                        .text(text(signed.previous()))
                                        .bytes(signed.key())
                                        .bytes(signed.signature()))
                == 1;
    }

    private static SignedHead signed(ResultSet row) throws SQLException {
        return new SignedHead(
                row.getObject(1, LocalDate.class),
                Head.of(row.getLong(2), row.getBytes(3)),
                row.getTimestamp(4).toInstant(),
                row.getObject(5, LocalDate.class),
                row.getBytes(6),
                row.getBytes(7));
    }

    private static @Nullable String text(@Nullable LocalDate day) {
        return day == null ? null : day.toString();
    }
}
