package kvit.transfer;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import kvit.idempotency.Answer;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.ledger.MoneyTransactions;
import kvit.ledger.Posting;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.source.Clock;
import kvit.source.Ids;
import kvit.support.Phones;
import kvit.support.Sql;
import kvit.support.TestPerson;
import kvit.support.WaitingRules;
import kvit.topup.Charges;

/** People whose transfers wait, and the use cases about those without HTTP. */
@Singleton
class Waiting {

    /** A customer who has not signed in, which costs more than all the rest. */
    record Somebody(UUID id, String phone) {}

    private final Teller teller;
    private final ConfirmTransfer confirmTransfer;
    private final CancelTransfer cancelTransfer;
    private final ReviewTransfer reviewTransfer;
    private final Charges charges;
    private final QuoteTransfer quoteTransfer;
    private final ExpireTransfers expireTransfers;
    private final Attempts attempts;
    private final Ledger ledger;
    private final MoneyTransactions transactions;
    private final TransferStore store;
    private final Clock clock;
    private final Ids ids;

    Waiting(
            Teller teller,
            ConfirmTransfer confirmTransfer,
            CancelTransfer cancelTransfer,
            ReviewTransfer reviewTransfer,
            Charges charges,
            QuoteTransfer quoteTransfer,
            ExpireTransfers expireTransfers,
            Attempts attempts,
            Ledger ledger,
            MoneyTransactions transactions,
            TransferStore store,
            Clock clock,
            Ids ids) {
        this.teller = teller;
        this.confirmTransfer = confirmTransfer;
        this.cancelTransfer = cancelTransfer;
        this.reviewTransfer = reviewTransfer;
        this.charges = charges;
        this.quoteTransfer = quoteTransfer;
        this.expireTransfers = expireTransfers;
        this.attempts = attempts;
        this.ledger = ledger;
        this.transactions = transactions;
        this.store = store;
        this.clock = clock;
        this.ids = ids;
    }

    /** Until the service decides by the rules that make transfers wait. */
    void awaitRules() {
        WaitingRules.publish();
        var payer = somebody(WaitingRules.REVIEWING, 100_00);
        var payee = somebody(WaitingRules.REVIEWING, 0);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> quoteTransfer.quote(attempt(payer, payee, 20_00, "asked")).review());
    }

    /** With so many cents. */
    Somebody somebody(String country, long minor) {
        var person = new Somebody(ids.next(), Phones.next("FR"));
        Sql.run(
                """
                insert into customer (id, phone, country, locale, visibility, state, created_at)
                values (?, ?, ?, 'en', 'PRIVATE', 'ACTIVE', now())
                """,
                person.id(),
                person.phone(),
                country);
        fund(person.id(), minor);
        return person;
    }

    void fund(UUID person, long minor) {
        if (minor > 0) {
            fund(person, new Money(minor, Currency.EUR));
        }
    }

    void fund(UUID person, Money money) {
        var posting = Posting.funding(ids.next(), clock.instant(), person, money);
        transactions.once(() -> ledger.post(List.of(posting)));
    }

    /** Somebody who has signed in, and lives there. */
    TestPerson person(String country, long minor) {
        var person = TestPerson.signIn(Phones.next("FR"));
        Sql.run("update customer set country = ? where id = ?", country, person.id());
        fund(person.id(), minor);
        return person;
    }

    Attempt<SendMoney.Order> attempt(Somebody payer, Somebody payee, long minor, String key) {
        return teller.attempt(payer.id(), payee.id(), new Money(minor, Currency.EUR), key);
    }

    /** The id of a transfer that was made, whether it waits or not. */
    UUID sent(Somebody payer, Somebody payee, long minor) {
        var key = ids.next().toString();
        var answer = teller.send(List.of(attempt(payer, payee, minor, key))).get(0);
        if (answer.status() != 201) {
            throw new AssertionError(answer.body());
        }
        return find(payer, key).id();
    }

    Transfer find(Somebody payer, String key) {
        var owned = new Attempt.Owned(payer.id(), key);
        return store.byKeys(List.of(owned)).get(owned).transfer();
    }

    /** Where a transfer stands that was just sent. */
    TransferState send(Somebody payer, Somebody payee, long minor) {
        return state(sent(payer, payee, minor));
    }

    QuoteTransfer.Quote quote(Somebody payer, Somebody payee, long minor) {
        return quoteTransfer.quote(attempt(payer, payee, minor, "asked"));
    }

    TransferState state(UUID transfer) {
        return store.find(transfer).orElseThrow().state();
    }

    Transfer confirm(Somebody payer, UUID transfer, String code) {
        return confirmTransfer.confirm(payer.id(), transfer, code);
    }

    Answer cancel(Somebody payer, UUID transfer, String key) {
        return cancelTransfer.cancel(
                attempts.attempt(
                        payer.id(),
                        teller.web(),
                        key,
                        "/v1/transfers/" + transfer + "/cancellation",
                        new CancelTransfer.Order(transfer)));
    }

    ReviewTransfer.Result approve(UUID transfer) {
        try (var call = charges.call()) {
            var approved =
                    transactions.once(
                            () -> reviewTransfer.approve(transfer, "olga", "looks fine", call));
            return reviewTransfer.charge(approved, call);
        }
    }

    ReviewTransfer.Result reject(UUID transfer) {
        return transactions.once(() -> reviewTransfer.reject(transfer, "olga", "looks odd"));
    }

    void sweep() {
        expireTransfers.sweep();
    }

    /** The code that was sent last, and to nobody but this person. */
    static String codeOf(String phone) {
        return given()
                .queryParam("phone", phone)
                .get("/v1/sandbox/messages")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("items.findAll { it.code != null }.code", String.class)
                .stream()
                .findFirst()
                .orElse(null);
    }

    long balance(UUID person) {
        return ledger.balance(wallet(person)).balance().minor();
    }

    long available(UUID person) {
        return ledger.balance(wallet(person)).available().minor();
    }

    private static Account wallet(UUID person) {
        return Account.wallet(person, Currency.EUR);
    }
}
