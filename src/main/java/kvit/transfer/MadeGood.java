package kvit.transfer;

import java.util.UUID;

/** Who gives people their money back by other means than the transfer; kept elsewhere. */
public interface MadeGood {

    /**
     * Whether the payer has it from us: the payee's would be the second time. Asked with the
     * transfer under lock, which whoever makes it good takes as well.
     */
    boolean isMadeGood(UUID transfer);
}
