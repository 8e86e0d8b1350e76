package kvit.transfer;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import kvit.idempotency.IdempotencyKey;
import kvit.identity.People;
import kvit.identity.Person;
import kvit.ledger.Account;
import kvit.ledger.EntryQuery;
import kvit.ledger.EntryView;
import kvit.ledger.Ledger;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.paging.Cursors;
import kvit.paging.ListParameters;
import kvit.paging.Page;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/** What a person sees of their own past: transfers, and the statement of their wallets. */
@ApplicationScoped
class History {

    /** By the names that they have outside: what is charged or unclaimed is found as pending. */
    private static final TransferState[] STATES =
            Arrays.stream(TransferState.values())
                    .filter(it -> !it.isHidden())
                    .toArray(TransferState[]::new);

    private final TransferStore store;
    private final HistoryStore lists;
    private final Ledger ledger;
    private final People people;
    private final Cursors cursors;

    History(
            TransferStore store,
            HistoryStore lists,
            Ledger ledger,
            People people,
            Cursors cursors) {
        this.store = store;
        this.lists = lists;
        this.ledger = ledger;
        this.people = people;
        this.cursors = cursors;
    }

    /** Empty for a transfer of others: it does not exist for this person. */
    Optional<TransferView> transfer(UUID person, UUID id) {
        return store.find(id)
                .filter(it -> it.isVisibleTo(person))
                .map(this::view)
                .map(it -> it.to(person));
    }

    TransferView view(Transfer transfer) {
        return TransferView.of(transfer, people.byIds(parties(List.of(transfer))));
    }

    /**
     * @param direction sent, received or null for both
     * @param state null for any
     * @param key of the caller's own request; null for any
     * @throws Problem VALIDATION_FAILED
     */
    Page<TransferView> transfers(
            UUID person,
            @Nullable String direction,
            @Nullable String state,
            @Nullable String key,
            ListParameters parameters) {
        var limit = parameters.limit();
        var list =
                String.join(
                        "|",
                        "transfers",
                        person.toString(),
                        String.valueOf(direction),
                        String.valueOf(state),
                        String.valueOf(key),
                        String.valueOf(parameters.from()),
                        String.valueOf(parameters.to()));
        var found =
                lists.list(
                        new HistoryStore.Query(
                                person,
                                direction == null
                                        || oneOf("?direction", direction, Direction.values())
                                                == Direction.SENT,
                                direction == null
                                        || oneOf("?direction", direction, Direction.values())
                                                == Direction.RECEIVED,
                                state == null ? null : oneOf("?state", state, STATES),
                                key == null ? null : IdempotencyKey.parse(key).value(),
                                parameters.from(),
                                parameters.to(),
                                cursors.decode(list, parameters.cursor())
                                        .map(UUID::fromString)
                                        .orElse(null),
                                limit + 1));
        var persons = people.byIds(parties(found));
        return Page.of(found, limit, last -> cursors.encode(list, last.id().toString()))
                .map(it -> TransferView.of(it, persons).to(person));
    }

    private enum Direction {
        SENT,
        RECEIVED
    }

    /**
     * The lines of one wallet, or of all of them one after another in time.
     *
     * @param currencyCode null for every wallet
     * @throws Problem VALIDATION_FAILED
     */
    StatementView statement(UUID person, @Nullable String currencyCode, ListParameters parameters) {
        return ledger.asOfOneMoment(() -> read(person, currencyCode, parameters));
    }

    private StatementView read(
            UUID person, @Nullable String currencyCode, ListParameters parameters) {
        var limit = parameters.limit();
        var accounts = accounts(person, currencyCode);
        var list =
                String.join(
                        "|",
                        "entries",
                        person.toString(),
                        String.valueOf(currencyCode),
                        String.valueOf(parameters.from()),
                        String.valueOf(parameters.to()));
        var found =
                ledger.entries(
                        accounts,
                        new EntryQuery(
                                parameters.from(),
                                parameters.to(),
                                cursors.decode(list, parameters.cursor())
                                        .map(History::position)
                                        .orElse(null),
                                limit + 1));
        var page = Page.of(found, limit, last -> cursors.encode(list, position(last)));
        var causes = store.byIds(found.stream().map(EntryView::posting).toList());
        var persons = people.byIds(parties(causes.values()));
        return new StatementView(
                page.items().stream().map(it -> line(it, person, causes, persons)).toList(),
                page.nextCursor(),
                accounts.stream().map(it -> balanceBefore(it, parameters.from())).toList(),
                accounts.stream().map(it -> closing(it, parameters.to())).toList());
    }

    private List<Account> accounts(UUID person, @Nullable String currencyCode) {
        if (currencyCode == null) {
            return ledger.balances(person).stream()
                    .map(it -> Account.wallet(person, it.balance().currency()))
                    .toList();
        }
        var currency =
                Currency.of(currencyCode)
                        .orElseThrow(
                                () ->
                                        GeneralProblem.invalid(
                                                "?currency", "must be an ISO 4217 code"));
        return List.of(Account.wallet(person, currency));
    }

    private Money balanceBefore(Account account, @Nullable Instant moment) {
        return moment == null
                ? Money.zero(account.currency())
                : ledger.balanceAt(account, moment.minusNanos(1_000));
    }

    private Money closing(Account account, @Nullable Instant moment) {
        return moment == null ? ledger.balance(account).balance() : balanceBefore(account, moment);
    }

    private static StatementView.Line line(
            EntryView entry, UUID person, Map<UUID, Transfer> causes, Map<UUID, Person> persons) {
        var cause = causes.get(entry.posting());
        var other =
                cause == null ? null : person.equals(cause.payer()) ? cause.payee() : cause.payer();
        var counterparty = other == null ? null : persons.get(other);
        return new StatementView.Line(
                entry.sequence(),
                entry.posting(),
                entry.kind(),
                entry.amount(),
                entry.balanceAfter(),
                entry.at(),
                counterparty == null ? null : counterparty.view(),
                cause == null ? null : cause.note());
    }

    private static Set<UUID> parties(Collection<Transfer> transfers) {
        var parties = new LinkedHashSet<UUID>();
        transfers.stream()
                .flatMap(it -> Stream.of(Optional.of(it.payer()), Optional.ofNullable(it.payee())))
                .flatMap(Optional::stream)
                .forEach(parties::add);
        return parties;
    }

    private static String position(EntryView entry) {
        return entry.at() + " " + entry.account() + " " + entry.sequence();
    }

    private static EntryQuery.Position position(String text) {
        var parts = text.split(" ", 3);
        return new EntryQuery.Position(
                Instant.parse(parts[0]), UUID.fromString(parts[1]), Long.parseLong(parts[2]));
    }

    private static <E extends Enum<E>> E oneOf(String name, String text, E[] values) {
        return Arrays.stream(values)
                .filter(it -> it.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(
                        () ->
                                GeneralProblem.invalid(
                                        name,
                                        "must be one of "
                                                + Arrays.toString(values)
                                                        .toLowerCase(Locale.ROOT)));
    }
}
