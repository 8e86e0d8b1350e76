package kvit.request;

import static kvit.request.RequestProblem.SHARE_TOO_SMALL;
import static kvit.request.RequestProblem.SPLIT_NOT_EXACT;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import kvit.money.Money;
import kvit.problem.Problem;

/**
 * Who is to pay how much.
 *
 * @param amount all of it
 * @param shares of the payers, in their order; at least a minor unit each
 * @param mine what the asker bears; nothing where they do not take part
 */
record SharePlan(Money amount, List<Money> shares, Money mine) {

    /**
     * @throws Problem SPLIT_NOT_EXACT, SHARE_TOO_SMALL
     */
    static SharePlan of(Order order) {
        return switch (order.split()) {
            case EQUAL -> order.perHead() ? perHead(order) : equally(order);
            case AMOUNTS -> byAmounts(order);
            case SHARES -> byShares(order);
        };
    }

    private static SharePlan perHead(Order order) {
        var each = order.amount();
        var all = new Money(each.minor() * order.heads(), each.currency());
        return new SharePlan(
                all,
                order.payers().stream().map(it -> each).toList(),
                order.includeMe() ? each : Money.zero(each.currency()));
    }

    private static SharePlan equally(Order order) {
        return of(order, SplitUp.equally(order.amount().minor(), order.heads()));
    }

    private static SharePlan byShares(Order order) {
        var weights = new ArrayList<Integer>();
        order.payers().forEach(it -> weights.add(Objects.requireNonNull(it.shares())));
        if (order.includeMe()) {
            weights.add(order.myShares() == null ? 1 : order.myShares());
        }
        return of(order, SplitUp.byWeights(order.amount().minor(), weights));
    }

    private static SharePlan of(Order order, List<Long> parts) {
        if (parts.contains(0L)) {
            throw SHARE_TOO_SMALL.because("Less than one minor unit would be somebody's share.");
        }
        var currency = order.amount().currency();
        var shares = new ArrayList<Money>();
        parts.forEach(it -> shares.add(new Money(it, currency)));
        var mine = order.includeMe() ? shares.remove(shares.size() - 1) : Money.zero(currency);
        return new SharePlan(order.amount(), List.copyOf(shares), mine);
    }

    private static SharePlan byAmounts(Order order) {
        var shares = new ArrayList<Money>();
        order.payers().forEach(it -> shares.add(Objects.requireNonNull(it.amount())));
        var asked = shares.stream().mapToLong(Money::minor).sum();
        var left = order.amount().minor() - asked;
        if (order.includeMe() ? left <= 0 : left != 0) {
            throw SPLIT_NOT_EXACT
                    .because(
                            order.includeMe()
                                    ? "The amounts leave nothing of it for you."
                                    : "The amounts do not add up to it.")
                    .with("difference", left);
        }
        var mine = new Money(left, order.amount().currency());
        return new SharePlan(order.amount(), List.copyOf(shares), mine);
    }
}
