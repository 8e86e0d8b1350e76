package kvit.sms;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Typed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import kvit.database.Database;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.source.Secrets;
import org.jspecify.annotations.Nullable;

/**
 * The sandbox's telephone: messages are kept instead of sent, for whoever tries Kvit to read.
 *
 * <p>In the database, because a replica has to find what another one sent; sealed there, because a
 * code stands in no file in clear, not even in a sandbox.
 */
@ApplicationScoped
@Typed(Inbox.class)
public class Inbox implements SmsGateway {

    /**
     * A message that arrived.
     *
     * @param code the one-time code in it, if it has one
     */
    public record Message(Instant sentAt, String text, @Nullable String code) {}

    private static final int MESSAGES_MAX = 20;
    private static final Duration KEPT = Duration.ofDays(1);
    private static final String SEPARATOR = "\n";

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final Database database;
    private final Clock clock;
    private final Ids ids;
    private final SecureRandom random;
    private final SecretKey key;

    Inbox(Database database, Clock clock, Ids ids, SecureRandom random, Secrets secrets) {
        this.database = database;
        this.clock = clock;
        this.ids = ids;
        this.random = random;
        this.key = new SecretKeySpec(secrets.keyFor("sandbox-inbox").getEncoded(), "AES");
    }

    @Override
    public void send(Sms sms) throws SmsFailed {
        var now = clock.instant();
        var id = ids.next();
        var sealed = seal(id, (sms.code() == null ? "" : sms.code()) + SEPARATOR + sms.text());
        try {
            database.update(
                    "insert into inbox_message (id, phone, sealed, sent_at) values (?, ?, ?, ?)",
                    in -> in.uuid(id).text(sms.phone()).bytes(sealed).time(now));
            database.update(
                    "delete from inbox_message where sent_at < ?", in -> in.time(now.minus(KEPT)));
        } catch (IllegalStateException e) {
            throw SmsFailed.forNow("the inbox is out of reach");
        }
    }

    /** What a phone has received, newest first. */
    public List<Message> messages(String phone) {
        return database.query(
                """
                select id, sealed, sent_at
                  from inbox_message
                 where phone = ?
                 order by id desc
                 limit ?
                """,
                in -> in.text(phone).number(MESSAGES_MAX),
                row -> {
                    var parts =
                            open(row.getObject(1, UUID.class), row.getBytes(2)).split(SEPARATOR, 2);
                    return new Message(
                            row.getTimestamp(3).toInstant(),
                            parts[1],
                            parts[0].isEmpty() ? null : parts[0]);
                });
    }

    private byte[] seal(UUID id, String text) {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        var sealed = cipher(Cipher.ENCRYPT_MODE, nonce, id, text.getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
    }

    private String open(UUID id, byte[] stored) {
        var nonce = new byte[NONCE_BYTES];
        var sealed = new byte[stored.length - NONCE_BYTES];
        ByteBuffer.wrap(stored).get(nonce).get(sealed);
        return new String(cipher(Cipher.DECRYPT_MODE, nonce, id, sealed), StandardCharsets.UTF_8);
    }

    /** Bound to its row by the id: a sealed text copied to another message does not open. */
    private byte[] cipher(int mode, byte[] nonce, UUID id, byte[] input) {
        try {
            var cipher = Cipher.getInstance(CIPHER);
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(id.toString().getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the inbox was sealed with another kvit.secret", e);
        }
    }
}
