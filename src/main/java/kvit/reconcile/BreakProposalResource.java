package kvit.reconcile;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.operate.ApprovalView;
import kvit.operate.Propose;
import kvit.operate.ReasonRequest;
import kvit.operate.Role;
import kvit.problem.GeneralProblem;
import kvit.reconcile.BreakResource.MatchRequest;
import kvit.reconcile.Explanations.PayoutLine;
import kvit.reconcile.Together.Rest;
import kvit.reconcile.Together.RestTo;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** What takes two to do about breaks: nothing here changes anything but that it is asked for. */
@Path("/v1/admin/reconciliation")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Reconciliation")
@RolesAllowed(Role.FINANCE)
class BreakProposalResource {

    /** What belongs together: breaks, what is expected, and payouts that are on their way. */
    record SettleRequest(
            @NotNull @Pattern(regexp = "[A-Z]{3}") String currency,
            @Nullable @Size(max = 100) Set<@NotNull UUID> breaks,
            @Nullable @Size(max = 100) Set<@NotNull UUID> items,
            @Nullable @Size(max = 100) Set<@NotNull @Valid PayoutLine> payouts,
            @Nullable @Size(max = 100) Set<@NotNull UUID> recovered,
            @Nullable @Valid RestRequest rest,
            @NotBlank @Size(max = 500) String reason) {

        Together together() {
            var code = RunResource.currency("/currency", currency);
            var together =
                    new Together(
                            code,
                            sorted(breaks, Comparator.naturalOrder()),
                            sorted(items, Comparator.naturalOrder()),
                            sorted(payouts, Comparator.comparing(PayoutLine::key)),
                            sorted(recovered, Comparator.naturalOrder()),
                            rest == null ? null : rest.rest(code));
            if (together.breaks().isEmpty() && together.said().isEmpty()) {
                throw GeneralProblem.invalid("/breaks", "or items or payouts are needed");
            }
            return together;
        }

        private static <T> List<T> sorted(@Nullable Set<T> all, Comparator<T> order) {
            return Objects.requireNonNullElse(all, Set.<T>of()).stream().sorted(order).toList();
        }
    }

    /**
     * A customer's wallet, which then has to be named, or our losses.
     *
     * @param refusal what the processor has said about what will not come, and where
     */
    record RestRequest(
            @NotNull RestTo to,
            @Nullable UUID customerId,
            @Nullable @Pattern(regexp = "(?s).*\\S.*") @Size(max = 500) String refusal) {

        Rest rest(Currency currency) {
            if ((to == RestTo.WALLET) != (customerId != null)) {
                throw GeneralProblem.invalid(
                        "/rest/customerId", "is whose wallet it is, and of nothing else");
            }
            if (refusal != null && to != RestTo.WALLET) {
                throw GeneralProblem.invalid("/rest/refusal", "is asked for wallets only");
            }
            return new Rest(to, customerId, Money.zero(currency), refusal);
        }
    }

    private final MatchByHand matchByHand;
    private final WriteOff writeOff;
    private final ReverseWriteOff reverseWriteOff;
    private final SettleBreaks settleBreaks;
    private final Propose propose;

    BreakProposalResource(
            MatchByHand matchByHand,
            WriteOff writeOff,
            ReverseWriteOff reverseWriteOff,
            SettleBreaks settleBreaks,
            Propose propose) {
        this.matchByHand = matchByHand;
        this.writeOff = writeOff;
        this.reverseWriteOff = reverseWriteOff;
        this.settleBreaks = settleBreaks;
        this.propose = propose;
    }

    /** 202: nothing is matched yet. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("breaks/{id}/forced-match")
    @ResponseStatus(202)
    @Operation(
            operationId = "forceMatchBreak",
            summary = "Ask for its line to be something of another amount or kind")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView forceMatch(UUID id, @NotNull @Valid MatchRequest request) {
        return propose.propose(
                matchByHand, matchByHand.forced(id, request.said()), request.reason());
    }

    /** 202: nothing is written off yet. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("breaks/{id}/write-off")
    @ResponseStatus(202)
    @Operation(operationId = "writeOffBreak", summary = "Ask that we bear what is short")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView writeOff(UUID id, @NotNull @Valid ReasonRequest request) {
        return propose.propose(writeOff, writeOff.loss(id), request.reason());
    }

    /** 202: it is still written off. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("breaks/{id}/write-off-reversal")
    @ResponseStatus(202)
    @Operation(
            operationId = "reverseWriteOff",
            summary = "Ask for what was written off to be open again")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView reverseWriteOff(UUID id, @NotNull @Valid ReasonRequest request) {
        return propose.propose(reverseWriteOff, reverseWriteOff.reversal(id), request.reason());
    }

    /** 202: nothing is settled yet. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("breaks/settlement")
    @ResponseStatus(202)
    @Operation(
            operationId = "settleBreaks",
            summary = "Ask for breaks, and what they are, to be settled together")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView settle(@NotNull @Valid SettleRequest request) {
        return propose.propose(
                settleBreaks, settleBreaks.together(request.together()), request.reason());
    }
}
