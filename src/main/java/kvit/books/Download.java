package kvit.books;

import java.io.IOException;
import java.io.OutputStream;

/**
 * An answer that is written while it is made.
 *
 * <p>A class of its own and no {@code StreamingOutput}: a lambda of that is written as its name
 * where the answer is text, because whatever is an object can be written as text.
 */
final class Download {

    /** Writes it, once. */
    interface Content {
        void write(OutputStream out) throws IOException;
    }

    private final Content content;

    Download(Content content) {
        this.content = content;
    }

    void write(OutputStream out) throws IOException {
        content.write(out);
    }
}
