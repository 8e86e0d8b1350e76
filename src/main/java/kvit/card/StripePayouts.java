package kvit.card;

import static kvit.card.StripeApi.code;
import static kvit.card.StripeApi.given;
import static kvit.card.StripeApi.once;

import com.stripe.model.Payout;
import com.stripe.model.Transfer;
import com.stripe.model.TransferReversal;
import com.stripe.net.RequestOptions;
import com.stripe.param.PayoutCreateParams;
import com.stripe.param.PayoutListParams;
import com.stripe.param.TransferCreateParams;
import com.stripe.param.TransferListParams;
import com.stripe.param.TransferReversalCreateParams;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import kvit.card.StripeApi.Refused;
import kvit.source.Clock;
import org.jboss.logging.Logger;

/**
 * Pays out to cards: a transfer from our balance to the connected account of the card's owner, and
 * a payout from there to the card. Both have our id in their metadata, and keys that follow from
 * it.
 *
 * <p>So one push is two things at Stripe, and may have stopped between them. Whoever sends it again
 * looks first and goes on where it stands; and it is declined for us only once the transfer has
 * been taken back, because until then its money is not here. Where that cannot be, it stays
 * unknown.
 *
 * <p>Transfers are looked for before payouts: without the one there is not the other, and the list
 * of payouts is the connected account's, which may be closed.
 */
class StripePayouts {

    private static final Logger LOG = Logger.getLogger(StripePayouts.class);

    /** About the money, the account or the card, and not about how it was asked for. */
    private static final Set<String> REFUSALS =
            Set.of(
                    "account_closed",
                    "account_invalid",
                    "card_declined",
                    "debit_not_authorized",
                    "expired_card",
                    "instant_payouts_config_disabled",
                    "instant_payouts_currency_disabled",
                    "instant_payouts_limit_exceeded",
                    "instant_payouts_unsupported",
                    "insufficient_capabilities_for_transfer",
                    "insufficient_funds",
                    "invalid_card_type",
                    "no_account",
                    "payouts_limit_exceeded",
                    "payouts_not_allowed",
                    "resource_missing",
                    "transfers_not_allowed");

    /** To a card that no way out was made for. */
    private static final Result NO_WAY_OUT = new Result.Declined("payout_not_supported");

    private static final Result NOT_AN_AMOUNT = new Result.Declined("amount_not_supported");

    private static final Result ANOTHER_CURRENCY = new Result.Declined("currency_not_supported");

    /** Of one whose transfer was taken back, and nobody has heard why. */
    private static final String NOT_PAID_OUT = "payout_declined";

    /** Of one that was transferred and could not be paid out as long as Stripe knows our keys. */
    private static final String NOT_IN_TIME = "payout_not_in_time";

    /** How far it has come at Stripe. */
    private record Traces(Optional<Transfer> transfer, Optional<Payout> payout) {}

    private final StripeApi api;
    private final Clock clock;

    StripePayouts(StripeApi api, Clock clock) {
        this.api = api;
        this.clock = clock;
    }

    Result carryOut(Operation.Push push) {
        var to = StripeDestination.of(push.card()).orElse(null);
        if (to == null) {
            return NO_WAY_OUT;
        }
        try {
            var traces = traces(push, to);
            if (isOld(push)) {
                return endOld(push, traces);
            }
            return traces.transfer().isPresent() ? goOn(push, to, traces) : begin(push, to);
        } catch (Unanswered e) {
            // Up to here nothing was sent that moves anything.
            return e.result();
        }
    }

    Result find(Operation.Push push) {
        var to = StripeDestination.of(push.card()).orElse(null);
        if (to == null) {
            return NO_WAY_OUT;
        }
        try {
            return state(push, traces(push, to));
        } catch (Unanswered e) {
            return e.result();
        }
    }

    private Traces traces(Operation.Push push, StripeDestination to) {
        var transfer = transfer(push, to);
        return new Traces(transfer, transfer.flatMap(it -> payout(push, to, it)));
    }

    /**
     * Of an account that is gone Stripe may not say. As long as it knows our keys, sending it again
     * finds the transfer that there may be, or hears why there can be none.
     */
    private Optional<Transfer> transfer(Operation.Push push, StripeDestination to) {
        try {
            return StripeList.find(push, transfers(to), Transfer::getCreated);
        } catch (Refused e) {
            if (isOld(push)) {
                throw new NonsenseRefused("Stripe refuses to be asked: " + e.code());
            }
            LOG.warnf("push %s cannot be looked for: %s", push.id(), e.code());
            return Optional.empty();
        }
    }

    /** What was brought back by hand has ended, though its account is closed to us. */
    private Optional<Payout> payout(Operation.Push push, StripeDestination to, Transfer transfer) {
        try {
            return StripeList.find(push, payouts(to), Payout::getCreated);
        } catch (Refused e) {
            if (isBack(transfer)) {
                return Optional.empty();
            }
            LOG.errorf(
                    "push %s is transferred, and whether it is paid out cannot be asked: %s",
                    push.id(), e.code());
            throw new Unanswered(Reason.CONFLICT, transfer.getId());
        } catch (Unanswered e) {
            throw new Unanswered(e.reason(), transfer.getId());
        }
    }

    private boolean isOld(Operation.Push push) {
        return clock.instant().isAfter(push.since().plus(StripeApi.KEYS_HOLD));
    }

    /** Not found without a payout, though there may be a transfer: it is to be sent on. */
    private Result state(Operation.Push push, Traces traces) {
        var transfer = traces.transfer().orElse(null);
        if (transfer == null) {
            return new Result.NotFound();
        }
        if (traces.payout().isPresent()) {
            return state(push, transfer, traces.payout().get());
        }
        return isBack(transfer) ? declined(NOT_PAID_OUT, transfer) : new Result.NotFound();
    }

    /** What did not arrive is in the connected account again, which is not yet ours. */
    private Result state(Operation.Push push, Transfer transfer, Payout payout) {
        var id = given(payout.getId());
        var out = given(transfer.getId());
        return switch (given(payout.getStatus())) {
            case "paid" -> new Result.Done(id, out);
            case "failed", "canceled" ->
                    takeBack(push, transfer, code(payout.getFailureCode(), payout.getStatus()));
            default -> new Result.Pending(id, out);
        };
    }

    private Result begin(Operation.Push push, StripeDestination to) {
        if (!to.takes(push.amount())) {
            return ANOTHER_CURRENCY;
        }
        var amount = StripeAmount.of(push.amount());
        if (amount.isEmpty()) {
            return NOT_AN_AMOUNT;
        }
        var params =
                TransferCreateParams.builder()
                        .setAmount(amount.get())
                        .setCurrency(StripeAmount.code(push.amount()))
                        .setDestination(to.account())
                        .putMetadata(StripeApi.OUR_ID, push.id().toString())
                        .build();
        Transfer transfer;
        try {
            transfer = api.ask(REFUSALS, it -> it.transfers().create(params, once(push.id())));
        } catch (Refused e) {
            return new Result.Declined(e.code());
        }
        return payOut(push, to, transfer);
    }

    private Result goOn(Operation.Push push, StripeDestination to, Traces traces) {
        var known = state(push, traces);
        return known instanceof Result.NotFound
                ? payOut(push, to, traces.transfer().orElseThrow())
                : known;
    }

    /** Nobody sends it on any more, so what is on its half of the way comes back. */
    private Result endOld(Operation.Push push, Traces traces) {
        var known = state(push, traces);
        if (!(known instanceof Result.NotFound)) {
            return known;
        }
        return traces.transfer().isPresent()
                ? takeBack(push, traces.transfer().get(), NOT_IN_TIME)
                : new Result.NotSent(Reason.TOO_OLD);
    }

    private Result payOut(Operation.Push push, StripeDestination to, Transfer transfer) {
        var params =
                PayoutCreateParams.builder()
                        .setAmount(given(transfer.getAmount()))
                        .setCurrency(StripeAmount.code(push.amount()))
                        .setDestination(to.card())
                        .setMethod(
                                push.speed() == Speed.INSTANT
                                        ? PayoutCreateParams.Method.INSTANT
                                        : PayoutCreateParams.Method.STANDARD)
                        .putMetadata(StripeApi.OUR_ID, push.id().toString())
                        .build();
        var options =
                RequestOptions.builder()
                        .setStripeAccount(to.account())
                        .setIdempotencyKey(push.id() + ":payout")
                        .build();
        try {
            return state(
                    push, transfer, api.ask(REFUSALS, it -> it.payouts().create(params, options)));
        } catch (Refused e) {
            return takeBack(push, transfer, e.code());
        } catch (NonsenseRefused e) {
            // This was not done, but the transfer was, so it is no word about the push.
            LOG.errorf("push %s is transferred and not paid out: %s", push.id(), e.getMessage());
            return new Result.Unknown(Reason.UNREADABLE, given(transfer.getId()));
        } catch (Unanswered e) {
            // Even where this call was not sent, the transfer was.
            return new Result.Unknown(e.reason(), given(transfer.getId()));
        }
    }

    /**
     * Declined once its money is ours again, and unknown until then.
     *
     * <p>Stripe keeps a refusal, too, and gives it for as long as it knows the key: one that came a
     * moment too early would hold for a day. So each hour has a key of its own. It brings nothing
     * back twice: a reversal without an amount takes what is left of the transfer, and of one that
     * is back nothing is.
     */
    private Result takeBack(Operation.Push push, Transfer transfer, String code) {
        var id = given(transfer.getId());
        var params =
                TransferReversalCreateParams.builder()
                        .putMetadata(StripeApi.OUR_ID, push.id().toString())
                        .build();
        try {
            if (isBack(transfer)) {
                return declined(code, transfer);
            }
            var back =
                    api.ask(
                            it ->
                                    it.transfers()
                                            .reversals()
                                            .create(id, params, once(backKey(push))));
            return new Result.Declined(code, new Result.Trip(id, back.getId()));
        } catch (Refused | NonsenseRefused e) {
            return backByNow(id)
                    .map(it -> declined(code, it))
                    .orElseGet(() -> notBack(push, id, String.valueOf(e.getMessage())));
        } catch (Unanswered e) {
            return new Result.Unknown(e.reason(), id);
        }
    }

    private String backKey(Operation.Push push) {
        return push.id() + ":back:" + clock.instant().truncatedTo(ChronoUnit.HOURS);
    }

    /** A second one is refused, too, and so says nothing by itself. */
    private Optional<Transfer> backByNow(String transfer) {
        try {
            return Optional.of(api.ask(it -> it.transfers().retrieve(transfer)))
                    .filter(StripePayouts::isBack);
        } catch (Refused | NonsenseRefused | Unanswered e) {
            return Optional.empty();
        }
    }

    private static Result notBack(Operation.Push push, String transfer, String why) {
        LOG.errorf("push %s was declined, and %s does not come back: %s", push.id(), transfer, why);
        return new Result.Unknown(Reason.CONFLICT, transfer);
    }

    /** Of one whose transfer is back, which names what has brought it back. */
    private static Result declined(String code, Transfer transfer) {
        var reversals = transfer.getReversals();
        var back =
                reversals == null || reversals.getData() == null
                        ? null
                        : reversals.getData().stream()
                                .map(TransferReversal::getId)
                                .filter(Objects::nonNull)
                                .findFirst()
                                .orElse(null);
        return new Result.Declined(code, new Result.Trip(given(transfer.getId()), back));
    }

    private static boolean isBack(Transfer transfer) {
        return Boolean.TRUE.equals(transfer.getReversed());
    }

    private StripeList.Pages<Transfer> transfers(StripeDestination to) {
        return last -> {
            var page =
                    TransferListParams.builder()
                            .setDestination(to.account())
                            .setLimit(StripeList.PAGE);
            if (last != null) {
                page.setStartingAfter(last);
            }
            return api.ask(REFUSALS, it -> it.transfers().list(page.build()));
        };
    }

    private StripeList.Pages<Payout> payouts(StripeDestination to) {
        var there = RequestOptions.builder().setStripeAccount(to.account()).build();
        return last -> {
            var page =
                    PayoutListParams.builder().setDestination(to.card()).setLimit(StripeList.PAGE);
            if (last != null) {
                page.setStartingAfter(last);
            }
            return api.ask(REFUSALS, it -> it.payouts().list(page.build(), there));
        };
    }
}
