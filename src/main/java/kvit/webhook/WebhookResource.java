package kvit.webhook;

import static kvit.webhook.WebhookProblem.WEBHOOK_DELIVERY_NOT_FOUND;
import static kvit.webhook.WebhookProblem.WEBHOOK_ENDPOINT_NOT_FOUND;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import kvit.operate.ApprovalView;
import kvit.operate.Propose;
import kvit.operate.ReasonRequest;
import kvit.operate.Role;
import kvit.paging.Cursors;
import kvit.paging.Page;
import kvit.paging.PageParameters;
import kvit.problem.GeneralProblem;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Webhooks of front ends, for operators. */
@Path("/v1/admin/webhook-endpoints")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Webhooks")
@RolesAllowed(Role.ADMIN)
class WebhookResource {

    @Schema(name = "WebhookRegisterRequest")
    record RegisterRequest(
            @NotNull String client,
            @NotNull @Size(min = 1, max = Target.LENGTH_MAX) String url,
            @NotNull Set<String> types,
            @NotBlank @Size(max = 500) String reason) {}

    /** What is absent stays; the one state that it can be given is active. */
    @Schema(name = "WebhookChangeRequest")
    record ChangeRequest(
            @Nullable @Size(min = 1, max = Target.LENGTH_MAX) String url,
            @Nullable Set<String> types,
            @Nullable EndpointState state,
            @NotBlank @Size(max = 500) String reason) {}

    @Schema(name = "WebhookRenewalRequest")
    record RenewalRequest(@NotNull Boolean leaked, @NotBlank @Size(max = 500) String reason) {}

    /** One delivery, or all since then. */
    @Schema(name = "WebhookReplayRequest")
    record ReplayRequest(
            @Nullable UUID deliveryId,
            @Nullable Instant since,
            @NotBlank @Size(max = 500) String reason) {}

    /** As many as somebody has registered by hand, so there is never a next page. */
    @Schema(name = "WebhookEndpointList")
    record EndpointList(List<EndpointView> items, @Nullable String nextCursor) {}

    @Schema(name = "WebhookDeliveryList")
    record DeliveryList(List<DeliveryView> items, @Nullable String nextCursor) {}

    /** Shown once. */
    @Schema(name = "WebhookSecret")
    record SecretView(String secret) {}

    @Schema(name = "WebhookReplay")
    record ReplayView(int replayed) {}

    /** What came back; of its content nothing. */
    @Schema(name = "WebhookTest")
    record TestView(
            boolean delivered, @Nullable Integer status, @Nullable String error, long millis) {}

    private final EndpointStore endpoints;
    private final DeliveryStore deliveries;
    private final EndpointForm form;
    private final RegisterEndpoint registerEndpoint;
    private final ChangeEndpoint changeEndpoint;
    private final RenewSecret renewSecret;
    private final TendEndpoint tendEndpoint;
    private final WebhookTasks tasks;
    private final Propose propose;
    private final Cursors cursors;

    WebhookResource(
            EndpointStore endpoints,
            DeliveryStore deliveries,
            EndpointForm form,
            RegisterEndpoint registerEndpoint,
            ChangeEndpoint changeEndpoint,
            RenewSecret renewSecret,
            TendEndpoint tendEndpoint,
            WebhookTasks tasks,
            Propose propose,
            Cursors cursors) {
        this.endpoints = endpoints;
        this.deliveries = deliveries;
        this.form = form;
        this.registerEndpoint = registerEndpoint;
        this.changeEndpoint = changeEndpoint;
        this.renewSecret = renewSecret;
        this.tendEndpoint = tendEndpoint;
        this.tasks = tasks;
        this.propose = propose;
        this.cursors = cursors;
    }

    @GET
    @RolesAllowed({Role.SUPPORT, Role.FINANCE, Role.APPROVER, Role.ADMIN})
    @Operation(
            operationId = "listWebhookEndpoints",
            summary = "Where front ends hear of their customers")
    public EndpointList list() {
        return new EndpointList(endpoints.all().stream().map(Endpoint::view).toList(), null);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @ResponseStatus(202)
    @Operation(operationId = "proposeWebhookEndpoint", summary = "Ask for one more endpoint")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView register(@NotNull @Valid RegisterRequest request) {
        var registration =
                new RegisterEndpoint.Registration(request.client(), request.url(), request.types());
        registerEndpoint.basis(registration);
        form.requireReachable(request.url());
        return propose.propose(registerEndpoint, registration, request.reason());
    }

    @PATCH
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}")
    @ResponseStatus(202)
    @Operation(
            operationId = "proposeWebhookEndpointChange",
            summary = "Ask for a change of an endpoint, or to go on with a disabled one")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView change(UUID id, @NotNull @Valid ChangeRequest request) {
        if (request.url() == null && request.types() == null && request.state() == null) {
            throw GeneralProblem.invalid("/", "changes nothing");
        }
        if (request.state() != null && request.state() != EndpointState.ACTIVE) {
            throw GeneralProblem.invalid("/state", "must be active");
        }
        var change =
                new ChangeEndpoint.Change(
                        id, request.url(), request.types(), request.state() != null);
        changeEndpoint.basis(change);
        if (request.url() != null) {
            form.requireReachable(request.url());
        }
        return propose.propose(changeEndpoint, change, request.reason());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/secret-renewal")
    @ResponseStatus(202)
    @Operation(
            operationId = "proposeWebhookSecret",
            summary = "Ask for another secret of an endpoint")
    @APIResponseSchema(
            value = ApprovalView.class,
            responseCode = "202",
            responseDescription = ApprovalView.WAITS)
    public ApprovalView renew(UUID id, @NotNull @Valid RenewalRequest request) {
        return propose.propose(
                renewSecret, new RenewSecret.Renewal(id, request.leaked()), request.reason());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/secret")
    @Operation(
            operationId = "drawWebhookSecret",
            summary = "Make the secret that two have agreed to; it is shown once")
    public SecretView draw(UUID id, @NotNull @Valid ReasonRequest request) {
        var secret = tendEndpoint.drawSecret(id, request.reason());
        tasks.wake();
        return new SecretView(secret);
    }

    /** Without a second person, because it stops harm; going on takes two. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/disablement")
    @RolesAllowed({Role.SUPPORT, Role.ADMIN})
    @Operation(operationId = "disableWebhookEndpoint", summary = "Send nothing there any more")
    public EndpointView disable(UUID id, @NotNull @Valid ReasonRequest request) {
        return tendEndpoint.disable(id, request.reason());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/test")
    @RolesAllowed({Role.SUPPORT, Role.ADMIN})
    @Operation(
            operationId = "testWebhookEndpoint",
            summary = "Send a message that says nothing, and see what comes back")
    public TestView test(UUID id, @NotNull @Valid ReasonRequest request) {
        var answer = tendEndpoint.test(id, request.reason());
        return new TestView(
                answer.isDelivered(), answer.status(), answer.error(), answer.took().toMillis());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Path("{id}/replays")
    @RolesAllowed({Role.SUPPORT, Role.ADMIN})
    @Operation(
            operationId = "replayWebhooks",
            summary = "Send dead deliveries again: one, or those since a time, 1,000 at once")
    public ReplayView replay(UUID id, @NotNull @Valid ReplayRequest request) {
        if ((request.deliveryId() == null) == (request.since() == null)) {
            throw GeneralProblem.invalid("/", "names either a delivery or a time");
        }
        var replayed =
                request.deliveryId() != null
                        ? tendEndpoint.replay(id, request.deliveryId(), request.reason())
                        : tendEndpoint.replay(
                                id, Objects.requireNonNull(request.since()), request.reason());
        return new ReplayView(replayed);
    }

    @GET
    @Path("{id}/deliveries")
    @RolesAllowed({Role.SUPPORT, Role.ADMIN})
    @Operation(
            operationId = "listWebhookDeliveries",
            summary = "What was sent to an endpoint, and what waits, the newest first")
    public DeliveryList deliveries(
            UUID id,
            @QueryParam("state") @Parameter(description = "pending, delivered or dead")
                    @Nullable String state,
            @BeanParam PageParameters parameters) {
        require(id);
        var list = "webhooks " + id + " " + state;
        var before = cursors.decode(list, parameters.cursor()).map(Long::valueOf).orElse(null);
        var page =
                Page.of(
                        deliveries.list(id, state(state), before, parameters.limit() + 1),
                        parameters.limit(),
                        last -> cursors.encode(list, Long.toString(last.number())));
        return new DeliveryList(
                page.items().stream().map(it -> DeliveryView.of(it, null)).toList(),
                page.nextCursor());
    }

    @GET
    @Path("{id}/deliveries/{delivery}")
    @RolesAllowed({Role.SUPPORT, Role.ADMIN})
    @Operation(
            operationId = "getWebhookDelivery",
            summary = "One of them, with the attempts that have failed")
    public DeliveryView delivery(UUID id, UUID delivery) {
        require(id);
        var found =
                deliveries
                        .find(id, delivery)
                        .orElseThrow(() -> WEBHOOK_DELIVERY_NOT_FOUND.because("Not of this one."));
        return DeliveryView.of(found, deliveries.attempts(found));
    }

    private void require(UUID id) {
        if (endpoints.find(id).isEmpty()) {
            throw WEBHOOK_ENDPOINT_NOT_FOUND.because("No " + id + ".");
        }
    }

    private static @Nullable DeliveryState state(@Nullable String name) {
        for (var state : DeliveryState.values()) {
            if (state.name().toLowerCase(Locale.ROOT).equals(name)) {
                return state;
            }
        }
        if (name != null) {
            throw GeneralProblem.invalid("?state", "must be pending, delivered or dead");
        }
        return null;
    }
}
