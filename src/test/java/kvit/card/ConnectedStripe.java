package kvit.card;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import java.util.UUID;
import kvit.source.Clock;

/** Stripe's adapter and a Stripe that pays out and fails, for tests of other capabilities. */
public final class ConnectedStripe implements AutoCloseable {

    /** By this name money goes out to the one card that is there. */
    public static final String WAY_OUT = "acct_1/card_1/USD";

    private final FakeConnect stripe;
    private final CardProcessor processor;

    private ConnectedStripe(FakeConnect stripe, CardProcessor processor) {
        this.stripe = stripe;
        this.processor = processor;
    }

    public static ConnectedStripe start(Clock clock) {
        try {
            var stripe = FakeConnect.start(clock.instant());
            return new ConnectedStripe(
                    stripe, new StripeProcessor(StripeSettings.at(stripe.base()), clock));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public CardProcessor processor() {
        return processor;
    }

    /** Nothing is there, and so many calls go wrong. */
    public void begin(Random random, int faults) {
        stripe.begin(random, faults);
    }

    public void recover() {
        stripe.fail(0);
    }

    /** What is on its way arrives, or comes back. */
    public void settle() {
        stripe.settle();
    }

    public long paidOut(UUID push) {
        return stripe.paidOut(push.toString());
    }

    /** How often money of ours has left, back by now or not. */
    public int transfers() {
        return stripe.transfers();
    }

    /** What of ours lies in the connected account. */
    public long there() {
        return stripe.there();
    }

    @Override
    public void close() {
        stripe.close();
    }
}
