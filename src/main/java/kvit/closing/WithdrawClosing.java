package kvit.closing;

import static kvit.closing.ClosingProblem.CLOSING_NOT_FOUND;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import kvit.identity.CustomerFile;
import kvit.identity.LeavingCustomers;
import kvit.ledger.MoneyTransactions;
import kvit.problem.Problem;
import kvit.source.Clock;

/** Keeps an account that was about to be closed. What was taken back or paid out stays so. */
@ApplicationScoped
class WithdrawClosing {

    private final ClosingStore store;
    private final LeavingCustomers leaving;
    private final MoneyTransactions transactions;
    private final Clock clock;

    WithdrawClosing(
            ClosingStore store,
            LeavingCustomers leaving,
            MoneyTransactions transactions,
            Clock clock) {
        this.store = store;
        this.leaving = leaving;
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * @throws Problem CLOSING_NOT_FOUND, also of one that is closed
     */
    void withdraw(UUID customer) {
        transactions.once(
                () -> {
                    var state = leaving.lock(customer);
                    var closing =
                            store.lock(customer)
                                    .filter(it -> it.state() == ClosingState.CLOSING)
                                    .orElseThrow(WithdrawClosing::notFound);
                    // Whoever was frozen meanwhile stays frozen.
                    if (state == CustomerFile.State.CLOSING) {
                        leaving.stay(customer);
                    }
                    store.update(closing.withdrawn(clock.instant()), null);
                    return closing.id();
                });
    }

    static Problem notFound() {
        return CLOSING_NOT_FOUND.because("Nobody closes it.");
    }
}
