package kvit.books;

import java.util.HexFormat;

/**
 * How far the chain went and what it said: whoever keeps this elsewhere notices when it is gone.
 *
 * @param digest in hex
 */
record Head(long number, String digest) {

    static Head of(long number, byte[] digest) {
        return new Head(number, HexFormat.of().formatHex(digest));
    }
}
