package kvit.books;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import java.util.regex.Pattern;
import kvit.books.ReversePosting.Reversal;
import kvit.ledger.Account;
import kvit.money.Currency;
import kvit.operate.ApprovalView;
import kvit.operate.Propose;
import kvit.operate.ReasonRequest;
import kvit.operate.Role;
import kvit.paging.Cursors;
import kvit.paging.ListParameters;
import kvit.paging.Page;
import kvit.paging.PageParameters;
import kvit.problem.GeneralProblem;
import kvit.source.Ids;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

@Path("/v1/admin/ledger")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Books")
@RolesAllowed({Role.SUPPORT, Role.FINANCE, Role.APPROVER, Role.ADMIN})
class LedgerResource {

    private static final Pattern ID =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private final TakeTrialBalance takeTrialBalance;
    private final LookUp lookUp;
    private final PostAdjustment postAdjustment;
    private final ReversePosting reversePosting;
    private final Propose propose;
    private final Cursors cursors;
    private final Ids ids;

    LedgerResource(
            TakeTrialBalance takeTrialBalance,
            LookUp lookUp,
            PostAdjustment postAdjustment,
            ReversePosting reversePosting,
            Propose propose,
            Cursors cursors,
            Ids ids) {
        this.takeTrialBalance = takeTrialBalance;
        this.lookUp = lookUp;
        this.postAdjustment = postAdjustment;
        this.reversePosting = reversePosting;
        this.propose = propose;
        this.cursors = cursors;
        this.ids = ids;
    }

    /** Both times are a moment, or a day with all of it. */
    @GET
    @Path("trial-balance")
    @Operation(
            operationId = "getTrialBalance",
            summary = "Debits and credits of all accounts, as of any moment")
    public TrialBalance trialBalance(
            @QueryParam("asOf") @Nullable String asOf,
            @QueryParam("knownAt") @Nullable String knownAt) {
        return takeTrialBalance.take(Moments.end("?asOf", asOf), Moments.end("?knownAt", knownAt));
    }

    @GET
    @Path("accounts")
    @Operation(operationId = "listAccounts", summary = "Accounts with their balances")
    public Page<AccountView> accounts(
            @QueryParam("kind") @Nullable String kind,
            @QueryParam("owner") @Nullable String owner,
            @QueryParam("currency") @Nullable String currency,
            @BeanParam PageParameters parameters) {
        var limit = parameters.limit();
        var list = String.join("|", "accounts", kind, owner, currency);
        var found =
                lookUp.accounts(
                        kind == null ? null : kind(kind),
                        owner == null ? null : id("?owner", owner),
                        currency == null ? null : currency(currency),
                        cursors.decode(list, parameters.cursor())
                                .map(UUID::fromString)
                                .orElse(null),
                        limit + 1);
        return Page.of(found, limit, last -> cursors.encode(list, last.id().toString()));
    }

    @GET
    @Path("accounts/{id}/entries")
    @Operation(
            operationId = "getAccountStatement",
            summary = "What happened on an account: opening plus lines is closing")
    public AccountStatement statement(UUID id, @BeanParam ListParameters parameters) {
        return lookUp.statement(
                id, parameters.from(), parameters.to(), parameters.cursor(), parameters.limit());
    }

    @GET
    @Path("postings/{id}")
    @Operation(operationId = "getPosting", summary = "One posting with all that it moved")
    public BookedPosting posting(UUID id) {
        return lookUp.posting(id);
    }

    /** 202: nothing has moved yet. The posting will have the id that stands in the payload. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("postings")
    @RolesAllowed(Role.FINANCE)
    @ResponseStatus(202)
    @Operation(operationId = "proposePosting", summary = "Ask for a posting by hand")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView propose(@NotNull @Valid Adjustment.Request request) {
        var adjustment = request.adjustment(ids.next());
        postAdjustment.check(adjustment);
        return propose.propose(postAdjustment, adjustment, request.reason());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("postings/{id}/reversal")
    @RolesAllowed(Role.FINANCE)
    @ResponseStatus(202)
    @Operation(
            operationId = "proposePostingReversal",
            summary = "Ask for a posting to be taken back")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView reverse(UUID id, @NotNull @Valid ReasonRequest request) {
        reversePosting.check(id);
        return propose.propose(reversePosting, new Reversal(id, ids.next()), request.reason());
    }

    private static Account.Kind kind(String text) {
        for (var kind : Account.Kind.values()) {
            if (kind.name().equalsIgnoreCase(text)) {
                return kind;
            }
        }
        throw GeneralProblem.invalid("?kind", "must be a kind of account, such as WALLET");
    }

    private static Currency currency(String text) {
        for (var currency : Currency.values()) {
            if (currency.name().equals(text)) {
                return currency;
            }
        }
        throw GeneralProblem.invalid("?currency", "must be a currency, such as EUR");
    }

    private static UUID id(String name, String text) {
        if (!ID.matcher(text).matches()) {
            throw GeneralProblem.invalid(name, "must be a UUID");
        }
        return UUID.fromString(text);
    }
}
