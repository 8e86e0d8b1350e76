package kvit.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import kvit.ledger.Posting.Line;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.source.Clock;
import kvit.source.Ids;

/** The ledger as its tests use it: owners out of nowhere, money out of the world. */
@ApplicationScoped
class TestBooks {

    private final Ledger ledger;
    private final MoneyTransactions transactions;
    private final Clock clock;
    private final Ids ids;

    TestBooks(Ledger ledger, MoneyTransactions transactions, Clock clock, Ids ids) {
        this.ledger = ledger;
        this.transactions = transactions;
        this.clock = clock;
        this.ids = ids;
    }

    /** A wallet in US dollars that nobody else has, with that much in it. */
    Account wallet(long minor) {
        return wallet(minor, Currency.USD);
    }

    Account wallet(long minor, Currency currency) {
        var wallet = Account.wallet(ids.next(), currency);
        if (minor > 0) {
            post(
                    Posting.funding(
                            ids.next(),
                            clock.instant(),
                            wallet.owner(),
                            new Money(minor, currency)));
        }
        return wallet;
    }

    Posting posting(Line... lines) {
        return new Posting(ids.next(), "test", clock.instant(), List.of(lines), null, null);
    }

    Posting move(Account from, Account to, long minor) {
        return posting(new Line(from, -minor), new Line(to, minor));
    }

    Promise promise(Account account, long minor) {
        return new Promise(ids.next(), account, new Money(minor, account.currency()), null);
    }

    Outcome post(Posting posting) {
        return post(List.of(posting)).get(0);
    }

    List<Outcome> post(List<? extends Move> moves) {
        return transactions.once(() -> ledger.post(moves));
    }

    List<Outcome> post(List<? extends Move> moves, Proviso proviso) {
        return transactions.once(() -> ledger.post(moves, proviso));
    }

    Outcome reverse(UUID posting) {
        return transactions.once(() -> ledger.reverse(posting, ids.next()));
    }

    UUID hold(Account account, long minor, Instant expiresAt) {
        var id = ids.next();
        transactions.once(
                () -> ledger.place(account, id, new Money(minor, account.currency()), expiresAt));
        return id;
    }

    void release(Account account, UUID hold) {
        transactions.once(
                () -> {
                    ledger.release(account, hold);
                    return true;
                });
    }

    long balance(Account account) {
        return ledger.balance(account).balance().minor();
    }

    long available(Account account) {
        return ledger.balance(account).available().minor();
    }
}
