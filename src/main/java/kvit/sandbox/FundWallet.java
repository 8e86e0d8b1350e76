package kvit.sandbox;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import kvit.identity.People;
import kvit.ledger.Ledger;
import kvit.ledger.MoneyTransactions;
import kvit.ledger.Posting;
import kvit.money.Money;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Ids;

/** Gives somebody money out of the world's own account: made up, and balanced all the same. */
@ApplicationScoped
class FundWallet {

    private final Ledger ledger;
    private final MoneyTransactions transactions;
    private final People people;
    private final Clock clock;
    private final Ids ids;

    FundWallet(Ledger ledger, MoneyTransactions transactions, People people, Clock clock, Ids ids) {
        this.ledger = ledger;
        this.transactions = transactions;
        this.people = people;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * @return the posting
     * @throws Problem CUSTOMER_NOT_FOUND
     */
    UUID fund(UUID customer, Money amount) {
        var person = people.require(customer);
        var posting = Posting.funding(ids.next(), clock.instant(), person.id(), amount);
        transactions.once(() -> post(posting));
        return posting.id();
    }

    /** Once per name, however many replicas try. */
    void fundOnce(UUID posting, UUID customer, Money amount) {
        transactions.keyed(
                () ->
                        ledger.isPosted(posting)
                                || post(
                                        Posting.funding(
                                                posting, clock.instant(), customer, amount)));
    }

    private boolean post(Posting posting) {
        var outcome = ledger.post(List.of(posting)).get(0);
        if (outcome.refusal() != null) {
            throw outcome.refusal();
        }
        return true;
    }
}
