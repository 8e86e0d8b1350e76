package kvit.transfer;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import kvit.identity.PersonRef;
import kvit.identity.Visibility;
import kvit.ledger.Account;
import kvit.ledger.Ledger;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.problem.Problem;
import kvit.source.Ids;
import kvit.support.ArrivalRules;
import kvit.support.Phones;
import kvit.support.Sql;
import org.jspecify.annotations.Nullable;

/** Money for phones, without HTTP: for many at once, and for what a request cannot ask for. */
@Singleton
class Claims {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final Teller teller;
    private final Waiting waiting;
    private final Attempts attempts;
    private final ClaimTransfer claimTransfer;
    private final QuoteTransfer quoteTransfer;
    private final PayByCard payByCard;
    private final TransferStore store;
    private final Ledger ledger;
    private final Ids ids;

    Claims(
            Teller teller,
            Waiting waiting,
            Attempts attempts,
            ClaimTransfer claimTransfer,
            QuoteTransfer quoteTransfer,
            PayByCard payByCard,
            TransferStore store,
            Ledger ledger,
            Ids ids) {
        this.teller = teller;
        this.waiting = waiting;
        this.attempts = attempts;
        this.claimTransfer = claimTransfer;
        this.quoteTransfer = quoteTransfer;
        this.payByCard = payByCard;
        this.store = store;
        this.ledger = ledger;
        this.ids = ids;
    }

    /** A customer who has not signed in, which costs more than all the rest. */
    Waiting.Somebody somebody(String country, Currency currency, long minor) {
        return somebody(country, Phones.next(), new Money(minor, currency));
    }

    Waiting.Somebody somebody(String country, String phone, Money money) {
        var person = new Waiting.Somebody(ids.next(), phone);
        Sql.run(
                """
                insert into customer (id, phone, country, locale, visibility, state, created_at)
                values (?, ?, ?, 'en', 'PRIVATE', 'ACTIVE', now())
                """,
                person.id(),
                person.phone(),
                country);
        if (money.isPositive()) {
            waiting.fund(person.id(), money);
        }
        return person;
    }

    /** Somebody who has said who they are, as whoever adds a card has to. */
    Waiting.Somebody cardholder(String country, Currency currency, long minor) {
        var person = somebody(country, currency, minor);
        Sql.run(
                """
                update customer set display_name = 'Anna', birth_date = date '1990-05-17'
                 where id = ?
                """,
                person.id());
        return person;
    }

    private Attempt<SendMoney.Order> attempt(UUID payer, String phone, Money amount, String key) {
        var order =
                new SendMoney.Order(
                        new PersonRef(null, null, phone),
                        amount,
                        null,
                        (Visibility) null,
                        null,
                        null);
        return attempts.attempt(payer, teller.web(), key, "/v1/transfers", order);
    }

    /** The transfer, whatever it waits for. */
    Transfer send(UUID payer, String phone, Money amount) {
        var key = ids.next().toString();
        var answer = teller.send(List.of(attempt(payer, phone, amount, key))).get(0);
        if (answer.status() != 201) {
            throw new AssertionError(answer.body());
        }
        var owned = new Attempt.Owned(payer, key);
        return store.byKeys(List.of(owned)).get(owned).transfer();
    }

    /** The same, paid for by this card as far as the wallet does not. */
    Transfer pay(UUID payer, UUID card, String phone, Money amount) {
        var key = ids.next().toString();
        var order =
                new SendMoney.Order(
                        new PersonRef(null, null, phone),
                        amount,
                        null,
                        null,
                        null,
                        null,
                        new CardSource(card, FundingSource.Use.WALLET_THEN_CARD),
                        null);
        var answer =
                payByCard.pay(attempts.attempt(payer, teller.web(), key, "/v1/transfers", order));
        if (answer.status() != 201) {
            throw new AssertionError(answer.body());
        }
        var owned = new Attempt.Owned(payer, key);
        return store.byKeys(List.of(owned)).get(owned).transfer();
    }

    /** Many as one list. */
    List<TransferState> sendTogether(UUID payer, List<String> phones, Money amount) {
        var list =
                phones.stream()
                        .map(it -> attempt(payer, it, amount, ids.next().toString()))
                        .toList();
        teller.send(Teller.Way.TOGETHER, list);
        return list.stream()
                .map(it -> store.byKeys(List.of(it.owned())).get(it.owned()))
                .map(it -> it.transfer().state())
                .toList();
    }

    QuoteTransfer.Quote quote(UUID payer, String phone, Money amount) {
        return quoteTransfer.quote(attempt(payer, phone, amount, "asked"));
    }

    /** Until the service decides by the rules that have people wait for a card. */
    void awaitArrivalRules() {
        ArrivalRules.publish();
        var payer = somebody(ArrivalRules.COUNTRY, Currency.EUR, 50_00);
        await().atMost(SOON)
                .until(
                        () -> {
                            var payee = somebody(ArrivalRules.COUNTRY, Currency.EUR, 0);
                            return quote(payer.id(), payee.phone(), new Money(1, Currency.EUR))
                                    .waitsForPayee();
                        });
    }

    /** Whoever is found by then is claimed for; whoever comes later claims by themselves. */
    static void awaitTold(UUID payer, int times) {
        await().atMost(SOON)
                .until(
                        () ->
                                Sql.column(
                                                """
                                                select 1 from outbox
                                                 where topic = 'TransferAwaitsPayee' and key = ?
                                                   and delivered_at is not null
                                                """,
                                                payer)
                                        .size(),
                        it -> it == times);
    }

    Transfer claim(UUID customer, UUID transfer) {
        return claimTransfer.claim(customer, transfer);
    }

    /** Why it is refused; null where it is not. */
    @Nullable String refusal(UUID customer, UUID transfer) {
        try {
            claim(customer, transfer);
            return null;
        } catch (Problem e) {
            return e.type().code();
        }
    }

    Transfer find(UUID transfer) {
        return store.find(transfer).orElseThrow();
    }

    long balance(UUID person, Currency currency) {
        return ledger.balance(Account.wallet(person, currency)).balance().minor();
    }

    long available(UUID person, Currency currency) {
        return ledger.balance(Account.wallet(person, currency)).available().minor();
    }

    /** As if the time were over that it may wait. */
    static void end(UUID transfer) {
        Sql.run("update transfer set expires_at = created_at where id = ?", transfer);
    }

    /** What whoever has this phone was told of money that waits for them. */
    static List<String> messages(String phone) {
        return given().queryParam("phone", phone)
                .get("/v1/sandbox/messages")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("items.findAll { it.text.contains('sends you') }.text", String.class);
    }
}
