package kvit.settlement;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;

/**
 * The text of a file, of which nothing comes that could not be in one: no bytes that are no text in
 * its charset, no control characters, no line without an end. And it knows the line of each of
 * them, which the parser behind it does not while it fills its buffers.
 */
final class GuardedText extends Reader {

    /** Ten times what the widest report has; and the most that a field can fill memory with. */
    static final int LINE_MAX = 10_000;

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    /** What the decoder puts in place of bytes that are no text. */
    private static final char NO_TEXT = '\uFFFD';

    private final Reader text;
    private final Charset charset;
    private boolean isFirst = true;
    private boolean afterReturn;
    private int line = 1;
    private int length;

    GuardedText(InputStream bytes, Charset charset) {
        this.charset = charset;
        this.text =
                new InputStreamReader(
                        bytes,
                        charset.newDecoder()
                                .onMalformedInput(CodingErrorAction.REPLACE)
                                .onUnmappableCharacter(CodingErrorAction.REPLACE));
    }

    /**
     * @throws FileRefused at the line that no file would have
     */
    @Override
    public int read(char[] buffer, int offset, int room) throws IOException {
        var read = text.read(buffer, offset, room);
        if (read <= 0) {
            return read;
        }
        if (isFirst) {
            isFirst = false;
            if (buffer[offset] == BYTE_ORDER_MARK) {
                System.arraycopy(buffer, offset + 1, buffer, offset, read - 1);
                // All that there was may have been the mark; 0 would mean nothing to the caller.
                read = read > 1 ? read - 1 : text.read(buffer, offset, room);
            }
        }
        for (var i = offset; i < offset + read; i++) {
            check(buffer[i]);
        }
        return read;
    }

    private void check(char c) {
        if (c == '\n' || c == '\r') {
            // The second half of a line end ends nothing more.
            if (c == '\r' || !afterReturn) {
                line++;
            }
            afterReturn = c == '\r';
            length = 0;
            return;
        }
        afterReturn = false;
        if (c == NO_TEXT) {
            throw FileRefused.unparseable(line, "has bytes that are no text in " + charset);
        }
        if ((c < ' ' && c != '\t') || c == '\u007F') {
            throw FileRefused.unparseable(
                    line, "has the control character U+%04X".formatted((int) c));
        }
        if (++length > LINE_MAX) {
            throw FileRefused.unparseable(line, "has more than " + LINE_MAX + " characters");
        }
    }

    @Override
    public void close() throws IOException {
        text.close();
    }
}
