package kvit.sandbox;

import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.PermitAll;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.UUID;
import kvit.identity.CodesUnderWay;
import kvit.ledger.Account;
import kvit.ledger.BooksView;
import kvit.ledger.Ledger;
import kvit.money.Money;
import kvit.money.PositiveAmount;
import kvit.problem.GeneralProblem;
import kvit.sms.Inbox;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

@Path("/v1/sandbox")
@Tag(name = "Sandbox only")
@PermitAll
@Blocking
class SandboxResource {

    record MessageList(List<Inbox.Message> items, @Nullable String nextCursor) {}

    record FundingRequest(@NotNull UUID customerId, @NotNull @PositiveAmount Money amount) {}

    /** What was given, and what the person has now. */
    record FundingView(UUID postingId, UUID customerId, Money amount, Money balance) {}

    /** As text: a bare number would be seconds to one reader and milliseconds to another. */
    record ClockRequest(@NotNull String advance) {

        Duration duration() {
            try {
                return Duration.parse(advance);
            } catch (DateTimeParseException e) {
                throw GeneralProblem.invalid("/advance", "must be a duration like PT24H");
            }
        }
    }

    record ClockView(Instant now) {}

    /** An SMS takes milliseconds here; whoever reads too soon waits for it, but not for ever. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final Duration PATIENCE_STEP = Duration.ofMillis(10);

    private final Inbox inbox;
    private final CodesUnderWay codesUnderWay;
    private final FundWallet fundWallet;
    private final Ledger ledger;
    private final SandboxClock clock;
    private final SandboxConfig config;

    SandboxResource(
            Inbox inbox,
            CodesUnderWay codesUnderWay,
            FundWallet fundWallet,
            Ledger ledger,
            SandboxClock clock,
            SandboxConfig config) {
        this.inbox = inbox;
        this.codesUnderWay = codesUnderWay;
        this.fundWallet = fundWallet;
        this.ledger = ledger;
        this.clock = clock;
        this.config = config;
    }

    @GET
    @Path("messages")
    @Operation(
            operationId = "listMessages",
            summary = "The SMS that a phone has received, newest first")
    public MessageList messages(@QueryParam("phone") @Nullable String phone)
            throws InterruptedException {
        if (phone == null || phone.isBlank()) {
            throw GeneralProblem.invalid("?phone", "must be given");
        }
        // A plus that nobody escaped arrives as a blank: only the digits count.
        var number = "+" + phone.replaceAll("[^0-9]", "");
        awaitCode(number);
        return new MessageList(inbox.messages(number), null);
    }

    private void awaitCode(String phone) throws InterruptedException {
        var steps = PATIENCE.dividedBy(PATIENCE_STEP);
        while (steps-- > 0 && codesUnderWay.any(phone)) {
            Thread.sleep(PATIENCE_STEP.toMillis());
        }
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("funding")
    @ResponseStatus(201)
    @Operation(operationId = "fundWallet", summary = "Give somebody money of the sandbox's own")
    @APIResponse(
            responseCode = "201",
            description = "The money is in the wallet",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = FundingView.class)))
    public FundingView fund(@NotNull @Valid FundingRequest request) {
        if (request.amount().minor() > config.fundingMax()) {
            throw GeneralProblem.invalid("/amount/minor", "must be at most " + config.fundingMax());
        }
        var posting = fundWallet.fund(request.customerId(), request.amount());
        var wallet = Account.wallet(request.customerId(), request.amount().currency());
        return new FundingView(
                posting, request.customerId(), request.amount(), ledger.balance(wallet).balance());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("clock")
    @Operation(operationId = "advanceClock", summary = "Set the sandbox's clock forward")
    public ClockView advance(@NotNull @Valid ClockRequest request) {
        var by = request.duration();
        if (by.isNegative() || by.compareTo(SandboxClock.AHEAD_MAX) > 0) {
            throw GeneralProblem.invalid(
                    "/advance", "must be between PT0S and " + SandboxClock.AHEAD_MAX);
        }
        return new ClockView(clock.advance(by));
    }

    @GET
    @Path("books")
    @Operation(operationId = "checkBooks", summary = "Whether the whole ledger adds up")
    public BooksView books() {
        return ledger.books();
    }
}
