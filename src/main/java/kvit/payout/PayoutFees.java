package kvit.payout;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kvit.card.Speed;
import kvit.money.Currency;
import kvit.money.Money;

/** What a payout costs. Read at the start, so that a wrong setting does not wait for a customer. */
@ApplicationScoped
@Startup
class PayoutFees {

    /** All of a hundred per cent. */
    private static final long WHOLE = 10_000;

    /**
     * @param basisPoints hundredths of a per cent
     * @param min minor units
     * @param max minor units
     */
    private record Fee(long basisPoints, long min, long max) {

        /**
         * In integers only, and never beyond a long: the whole ten thousands of the amount and what
         * is left are taken apart. Half a minor unit is rounded up.
         */
        long of(long minor) {
            var share =
                    minor / WHOLE * basisPoints + (minor % WHOLE * basisPoints + WHOLE / 2) / WHOLE;
            return Math.min(max, Math.max(min, share));
        }
    }

    private final Map<Currency, Fee> fees = new EnumMap<>(Currency.class);

    PayoutFees(PayoutConfig config) {
        config.instantFees().forEach(this::read);
    }

    /** Empty where it cannot be as quick as that in this currency. */
    Optional<Money> of(Money amount, Speed speed) {
        if (speed == Speed.STANDARD) {
            return Optional.of(Money.zero(amount.currency()));
        }
        return Optional.ofNullable(fees.get(amount.currency()))
                .map(it -> new Money(it.of(amount.minor()), amount.currency()));
    }

    private void read(String setting) {
        var parts = List.of(setting.trim().split(":", -1));
        try {
            if (parts.size() != 4) {
                throw new IllegalArgumentException("four parts, separated by colons");
            }
            var fee = new Fee(number(parts, 1), number(parts, 2), number(parts, 3));
            if (fee.basisPoints() > WHOLE || fee.min() > fee.max() || fee.max() > Money.MINOR_MAX) {
                throw new IllegalArgumentException("up to 10000 basis points, and min up to max");
            }
            if (fees.put(Currency.valueOf(parts.get(0)), fee) != null) {
                throw new IllegalArgumentException("twice");
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "kvit.card.payout.instant-fees has no currency:basis-points:min:max in '%s': %s"
                            .formatted(setting, e.getMessage()),
                    e);
        }
    }

    private static long number(List<String> parts, int index) {
        var number = Long.parseLong(parts.get(index));
        if (number < 0) {
            throw new IllegalArgumentException("less than nothing");
        }
        return number;
    }
}
