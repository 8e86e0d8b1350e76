package kvit.transfer;

import jakarta.inject.Singleton;

/** Lets what has waited for too long expire now, for tests of other packages. */
@Singleton
public class Expiry {

    private final ExpireTransfers expireTransfers;

    Expiry(ExpireTransfers expireTransfers) {
        this.expireTransfers = expireTransfers;
    }

    public void sweep() {
        expireTransfers.sweep();
    }
}
