package kvit.transfer;

import static kvit.transfer.TransferProblem.TRANSFER_NOT_FOUND;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import kvit.identity.CustomerFiles;
import kvit.identity.People;
import kvit.identity.PersonView;
import kvit.ledger.HoldView;
import kvit.ledger.LookUp;
import kvit.operate.AuditTrail;
import kvit.problem.Problem;
import kvit.topup.ChargeFiles;
import org.jspecify.annotations.Nullable;

/**
 * Transfers as operators look into them. Whoever looks at what somebody has sent or received is
 * recorded, because it is that person's life; a list of everybody's is not anybody's.
 */
@ApplicationScoped
class LookIntoTransfer {

    static final String READ = "transfers.read";
    static final String SEARCH = "transfers.search";

    private final TransferStore store;
    private final TransferSearch search;
    private final ReversalStore reversals;
    private final LookUp books;
    private final ChargeFiles charges;
    private final People people;
    private final CustomerFiles customers;
    private final AuditTrail audit;
    private final ObjectMapper json;

    LookIntoTransfer(
            TransferStore store,
            TransferSearch search,
            ReversalStore reversals,
            LookUp books,
            ChargeFiles charges,
            People people,
            CustomerFiles customers,
            AuditTrail audit,
            ObjectMapper json) {
        this.store = store;
        this.search = search;
        this.reversals = reversals;
        this.books = books;
        this.charges = charges;
        this.people = people;
        this.customers = customers;
        this.audit = audit;
        this.json = json;
    }

    /**
     * Newest first, and one more than that to tell whether there is a next page.
     *
     * @throws Problem VALIDATION_FAILED, PHONE_INVALID
     */
    List<TransferView> find(SearchParameters parameters, @Nullable UUID after, int limit) {
        var phone = parameters.phone == null ? null : customers.number(parameters.phone);
        var query = parameters.query(phone, after, limit + 1);
        var found = find(query);
        if (phone != null) {
            // Whose they are says nobody but the answer.
            var shown = new LinkedHashSet<UUID>();
            found.stream().limit(limit).forEach(it -> shown.addAll(parties(it)));
            shown.forEach(
                    it -> audit.recording(SEARCH, it.toString(), "Looked up by phone.", () -> it));
        }
        return found;
    }

    private static List<UUID> parties(TransferView transfer) {
        return Stream.of(transfer.payer(), transfer.payee())
                .filter(Objects::nonNull)
                .map(PersonView::id)
                .toList();
    }

    private List<TransferView> find(TransferSearch.Query query) {
        var looked = query.payer() == null ? query.payee() : query.payer();
        return looked == null
                ? views(search.find(query))
                : audit.recording(
                        SEARCH,
                        looked.toString(),
                        "Transfers of a customer.",
                        () -> views(search.find(query)));
    }

    /**
     * One with all that it has done.
     *
     * @throws Problem TRANSFER_NOT_FOUND
     */
    TransferDetail look(UUID id) {
        return audit.recording(READ, id.toString(), "Looked into.", () -> detail(id));
    }

    private TransferDetail detail(UUID id) {
        var transfer =
                store.find(id)
                        .orElseThrow(() -> TRANSFER_NOT_FOUND.because("No transfer " + id + "."));
        var refunds = search.refundsOf(id);
        var charge = charges.chargeFor(id).orElse(null);
        var causes = new ArrayList<UUID>(List.of(id));
        refunds.forEach(it -> causes.add(it.id()));
        if (charge != null) {
            causes.add(charge.id());
        }
        var ruled = store.ruled(id).orElse(null);
        return new TransferDetail(
                views(List.of(transfer)).get(0),
                books.postings(causes),
                holds(transfer, charge),
                charge,
                views(refunds),
                ruled == null ? null : ruled.ruleSet(),
                ruled == null ? null : read(ruled.ruling()),
                search.reviewed(id).orElse(null),
                reversals.find(id).orElse(null));
    }

    /** Also what is held of what a card was charged, until the payee is here. */
    private List<HoldView> holds(Transfer transfer, ChargeFiles.@Nullable ChargeLine charge) {
        var holds = new ArrayList<>(books.holds(transfer.wallet(), transfer.id()));
        if (charge != null) {
            holds.addAll(books.holds(transfer.wallet(), charge.id()));
        }
        return holds;
    }

    private List<TransferView> views(List<Transfer> transfers) {
        var parties = new LinkedHashSet<UUID>();
        transfers.stream()
                .flatMap(it -> Stream.of(it.payer(), it.payee()))
                .filter(it -> it != null)
                .forEach(parties::add);
        var persons = people.byIds(parties);
        return transfers.stream().map(it -> TransferView.of(it, persons)).toList();
    }

    private @Nullable JsonNode read(@Nullable String ruling) {
        try {
            return ruling == null ? null : json.readTree(ruling);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what is kept of a ruling is JSON", e);
        }
    }
}
