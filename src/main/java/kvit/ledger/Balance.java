package kvit.ledger;

import kvit.money.Money;

/**
 * What an account has.
 *
 * @param available balance less held: what may be spent
 */
public record Balance(Money balance, Money available, Money held) {

    static Balance of(Money balance, Money held) {
        return new Balance(balance, balance.minus(held), held);
    }
}
