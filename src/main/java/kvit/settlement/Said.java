package kvit.settlement;

import java.math.BigInteger;
import java.util.HexFormat;
import kvit.source.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * What the lines of a file say, whatever their order, their bytes and the columns that nobody
 * reads: the sum of what each says, which needs no more memory for many than for one.
 *
 * @param isNamed whether one of them is about something that can be told from another
 */
record Said(BigInteger sum, boolean isNamed) {

    static final Said NOTHING = new Said(BigInteger.ZERO, false);

    private static final int BITS = 256;

    Said and(SettlementLine line) {
        var one = new BigInteger(1, Sha256.of(text(line)));
        return new Said(
                sum.add(one).mod(BigInteger.ONE.shiftLeft(BITS)),
                isNamed || line.external() != null || line.reference() != null);
    }

    /** In hexadecimal; null of what nothing tells from what another file says. */
    @Nullable String digest() {
        return isNamed ? HexFormat.of().formatHex(Sha256.of(sum.toString())) : null;
    }

    /** All but its place in the file and what is for people. None of it has a line break. */
    private static String text(SettlementLine line) {
        return String.join(
                "\n",
                line.type().name(),
                String.valueOf(line.reference()),
                String.valueOf(line.external()),
                String.valueOf(line.modification()),
                line.gross().toString(),
                line.fee().toString(),
                line.net().toString(),
                line.bookedOn().toString(),
                String.valueOf(line.valueOn()));
    }
}
