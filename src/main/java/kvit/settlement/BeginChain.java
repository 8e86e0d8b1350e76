package kvit.settlement;

import static kvit.settlement.SettlementProblem.SETTLEMENT_SOURCE_UNKNOWN;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import kvit.money.Money;
import kvit.operate.FourEyes;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import kvit.settlement.ChainStore.Beginning;
import kvit.source.Clock;

/**
 * An account's statements begin anew: its bank has changed its systems, or will never send one that
 * lacks. Two say with which balance, and the next statement has to open with it; what is between
 * the old end and the new beginning shows as a part of the safeguarding position.
 */
@ApplicationScoped
class BeginChain implements FourEyes<BeginChain.Payload> {

    record Payload(String source, String account, Money opening) {}

    private final SourceStore sources;
    private final ChainStore chains;
    private final LineStore lines;
    private final Clock clock;

    BeginChain(SourceStore sources, ChainStore chains, LineStore lines, Clock clock) {
        this.sources = sources;
        this.chains = chains;
        this.lines = lines;
        this.clock = clock;
    }

    /**
     * What two would have to want.
     *
     * @throws Problem SETTLEMENT_SOURCE_UNKNOWN, VALIDATION_FAILED
     */
    Payload beginning(String code, Money opening) {
        var source = atWork(code);
        if (source.currency() != null && source.currency() != opening.currency()) {
            throw GeneralProblem.invalid(
                    "/opening/currency", "is " + source.currency() + " of this source");
        }
        return new Payload(code, Objects.requireNonNull(source.account()), opening);
    }

    private SettlementSource atWork(String code) {
        return sources.find(code)
                .filter(it -> it.active() && it.kind() == SourceKind.BANK)
                .orElseThrow(
                        () ->
                                SETTLEMENT_SOURCE_UNKNOWN.because(
                                        "There is no active bank of that code."));
    }

    @Override
    public String action() {
        return "settlement-chains.begin";
    }

    @Override
    public Class<Payload> payload() {
        return Payload.class;
    }

    @Override
    public String resource(Payload payload) {
        return payload.account() + "/" + payload.opening().currency();
    }

    /** Where the account's statements end by now: one that came meanwhile is another end. */
    @Override
    public String basis(Payload payload) {
        var currency = payload.opening().currency();
        var end =
                lines.last(payload.account(), currency)
                        .map(it -> it.place().chain() + "/" + it.place().sequence())
                        .orElse("none");
        return end + " of " + chains.last(payload.account(), currency);
    }

    /**
     * From now on the next statement begins.
     *
     * @throws Problem SETTLEMENT_SOURCE_UNKNOWN, VALIDATION_FAILED
     */
    @Override
    public void carryOut(Payload payload, Agreed agreed) {
        var account = beginning(payload.source(), payload.opening()).account();
        var chain = chains.last(account, payload.opening().currency()) + 1;
        chains.insert(account, new Beginning(chain, payload.opening()), agreed, clock.instant());
    }
}
