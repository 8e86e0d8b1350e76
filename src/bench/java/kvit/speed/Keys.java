package kvit.speed;

import java.util.BitSet;

/**
 * The idempotency keys of one traffic, and what the service has said about each; only what it has
 * acknowledged has to be in its books, and nothing that it has refused may be.
 */
final class Keys {

    private static final int DIGITS = 9;

    private final String prefix;
    private final byte[] key;
    private final BitSet acknowledged = new BitSet();
    private final BitSet unanswered = new BitSet();
    private int used;

    /**
     * @param name of the traffic; two of them do not share a service
     */
    Keys(String name) {
        prefix = "bench-" + name + ":";
        key = Requests.ascii(prefix + "0".repeat(DIGITS));
    }

    String prefix() {
        return prefix;
    }

    /** A number that stands for a new key. */
    int next() {
        return used++;
    }

    /** The key of a number, until the next call. */
    byte[] key(int number) {
        var rest = number;
        for (var place = key.length - 1; place >= prefix.length(); place--) {
            key[place] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return key;
    }

    /** The number that a key was made of. */
    int number(String key) {
        return Integer.parseInt(key.substring(prefix.length()));
    }

    void acknowledged(int number) {
        acknowledged.set(number);
    }

    void unanswered(int number) {
        unanswered.set(number);
    }

    BitSet acknowledged() {
        return acknowledged;
    }

    BitSet unanswered() {
        return unanswered;
    }
}
