package kvit.transfer;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import kvit.ledger.Posting;
import kvit.problem.Problem;
import kvit.topup.Charges;
import kvit.topup.PaidTransfers;
import org.jspecify.annotations.Nullable;

/** Ends transfers that cards pay for, whoever has heard what became of the charge. */
@ApplicationScoped
class FundedTransfers implements PaidTransfers {

    private final TransferStore store;
    private final Settlement settlement;

    FundedTransfers(TransferStore store, Settlement settlement) {
        this.store = store;
        this.settlement = settlement;
    }

    @Override
    public @Nullable Problem charged(UUID transfer, Posting charge) {
        return settlement.completeCharged(store.lockStored(transfer), charge);
    }

    @Override
    public void notCharged(UUID transfer) {
        settlement.decline(store.lockStored(transfer).transfer(), Charges.declined(), null);
    }

    @Override
    public Runnable lockContested(UUID transfer) {
        return settlement.lockContested(store.lockStored(transfer).transfer());
    }
}
