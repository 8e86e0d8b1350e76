package kvit.speed;

/**
 * Who pays whom in the transfer of a number: spread evenly, and the same whenever it is asked, so
 * that a request can be repeated without having been kept.
 */
interface Pairs {

    int payer(int number);

    int payee(int number);

    /** Everybody pays everybody. */
    static Pairs uniform(int people) {
        return new Pairs() {
            @Override
            public int payer(int number) {
                return (int) (mixed(number) % people);
            }

            @Override
            public int payee(int number) {
                var distance = 1 + (mixed(number) / people) % (people - 1);
                return (int) ((payer(number) + distance) % people);
            }
        };
    }

    /** Everybody pays one. */
    static Pairs hot(int payee, int people) {
        return new Pairs() {
            @Override
            public int payer(int number) {
                return (int) ((payee + 1 + mixed(number) % (people - 1)) % people);
            }

            @Override
            public int payee(int number) {
                return payee;
            }
        };
    }

    /** Some pay everybody. */
    static Pairs from(int payers, int firstPayer, int people) {
        return new Pairs() {
            @Override
            public int payer(int number) {
                return (int) (firstPayer + mixed(number) % payers);
            }

            @Override
            public int payee(int number) {
                return (int) (mixed(number) / payers % people);
            }
        };
    }

    /** The finalizer of SplitMix64: neighbouring numbers have nothing in common afterwards. */
    private static long mixed(int number) {
        var bits = number * 0x9E3779B97F4A7C15L;
        bits = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        bits = (bits ^ (bits >>> 27)) * 0x94D049BB133111EBL;
        return (bits ^ (bits >>> 31)) >>> 1;
    }
}
