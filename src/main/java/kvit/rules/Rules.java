package kvit.rules;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import kvit.money.Money;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Says whether people may do something, by the rules that are in effect. */
@ApplicationScoped
public class Rules {

    /**
     * What was decided about a transfer, a top-up or a payout.
     *
     * @param ruleSet the version of the rules
     * @param actor what the institution was that they were asked for
     * @param matched id and version of the decisive rules, the payer's before the payee's
     * @param limits what is to be counted in the same transaction
     * @param thresholds what has to be counted there, too: what goes beyond one needs a
     *     confirmation; empty where it needs one anyway, and when refused
     * @param demands what the transfer needs before the money moves, in this order, whichever
     *     side's rules say so; empty when refused
     * @param arrivesWithin how long it may wait for its payee; null where no rule says so
     * @param refusal null when it is allowed as far as nothing has to be counted
     */
    public record Ruling(
            long ruleSet,
            Actor actor,
            List<String> matched,
            List<Limit> limits,
            List<Threshold> thresholds,
            Set<Demand> demands,
            @Nullable Duration arrivesWithin,
            @Nullable Problem refusal) {}

    private static final Set<Kind> SANCTIONS = Set.of(Kind.SANCTION);

    /** What can be said of a payee while nobody pays: limits are counted when somebody does. */
    private static final Set<Kind> ON_ASKING =
            EnumSet.complementOf(EnumSet.of(Kind.LIMIT, Kind.INSTRUMENT, Kind.CONFIRMATION));

    private final RuleSets ruleSets;
    private final RulesConfig config;

    Rules(RuleSets ruleSets, RulesConfig config) {
        this.ruleSets = ruleSets;
        this.config = config;
    }

    /** Whether money may go from the one to the other, as of that moment. */
    public Ruling onTransfer(
            Party payer, Party payee, @Nullable Channel channel, Money amount, Instant at) {
        return onTransfer(payer, payee, channel, Instrument.WALLET, amount, at);
    }

    /**
     * The same where the payer pays with something else than the wallet.
     *
     * @param instrument what the payer pays with; the payee is paid into the wallet
     */
    public Ruling onTransfer(
            Party payer,
            Party payee,
            @Nullable Channel channel,
            Instrument instrument,
            Money amount,
            Instant at) {
        return onTransfer(
                ruleSets.inEffect(), config.actor(), payer, payee, channel, instrument, amount, at);
    }

    /**
     * Whether money may come from a card of somebody's into their wallet.
     *
     * @param channel the front end that asks for it
     */
    public Ruling onTopUp(
            Party party, Channel channel, Instrument instrument, Money amount, Instant at) {
        return onOwn(Operation.TOP_UP, party, channel, instrument, amount, at);
    }

    /**
     * Whether money may go out of somebody's wallet to a card of theirs.
     *
     * @param channel the front end that asks for it
     */
    public Ruling onPayout(
            Party party, Channel channel, Instrument instrument, Money amount, Instant at) {
        return onOwn(Operation.PAY_OUT, party, channel, instrument, amount, at);
    }

    /** There is no other side; and what is one's own money before and after needs no one tap. */
    private Ruling onOwn(
            Operation operation,
            Party party,
            Channel channel,
            Instrument instrument,
            Money amount,
            Instant at) {
        var rules = ruleSets.inEffect();
        var actor = config.actor();
        var verdict =
                rules.decide(
                        new Facts(operation, party, null, channel, actor, amount, at, instrument));
        return new Ruling(
                rules.version(),
                actor,
                verdict.matched(),
                limits(verdict, operation, party, amount).toList(),
                List.of(),
                verdict.refusal() == null ? verdict.demands().keySet() : Set.of(),
                null,
                verdict.refusal());
    }

    /** The same from the wallet, by the rules as they were known in an earlier set. */
    public Ruling onTransferBy(
            long ruleSet,
            Actor actor,
            Party payer,
            Party payee,
            @Nullable Channel channel,
            Money amount,
            Instant at) {
        return onTransferBy(ruleSet, actor, payer, payee, channel, Instrument.WALLET, amount, at);
    }

    /** The same of whatever the payer paid with: the past decides as it did. */
    public Ruling onTransferBy(
            long ruleSet,
            Actor actor,
            Party payer,
            Party payee,
            @Nullable Channel channel,
            Instrument instrument,
            Money amount,
            Instant at) {
        return onTransfer(
                ruleSets.version(ruleSet), actor, payer, payee, channel, instrument, amount, at);
    }

    /**
     * Why a sanction freezes money between the two; null where none does. For what is under way or
     * goes back, which no other rule is asked about.
     */
    public @Nullable Problem freeze(Party payer, Party payee, Money amount, Instant at) {
        var rules = ruleSets.inEffect();
        var actor = config.actor();
        var asked = payee.spokenTo(payer);
        return first(
                rules.decide(
                        sending(actor, payer, asked, null, Instrument.WALLET, amount, at),
                        SANCTIONS),
                rules.decide(receiving(actor, payer, asked, amount, at), SANCTIONS));
    }

    /**
     * Why a sanction keeps what is ours from somebody; null where none does. What is given them for
     * the time being, or because they have lost it, no other rule is asked about: they have not
     * asked to be paid by anybody.
     */
    public @Nullable Problem freeze(Party party, Money amount, Instant at) {
        var facts =
                new Facts(
                        Operation.RECEIVE,
                        party,
                        null,
                        null,
                        config.actor(),
                        amount,
                        at,
                        Instrument.WALLET);
        return ruleSets.inEffect().decide(facts, SANCTIONS).refusal();
    }

    /**
     * Why somebody could not be paid an amount that they ask for, whoever paid it; null where
     * nothing speaks against it. What is about both sides is asked when it is paid.
     */
    public @Nullable Problem onAsking(Party asker, Money amount, Instant at) {
        var facts =
                new Facts(
                        Operation.RECEIVE,
                        asker,
                        null,
                        null,
                        config.actor(),
                        amount,
                        at,
                        Instrument.WALLET);
        return ruleSets.inEffect().decide(facts, ON_ASKING).refusal();
    }

    Ruling onTransfer(
            RuleSet rules,
            Actor actor,
            Party payer,
            Party payee,
            @Nullable Channel channel,
            Instrument instrument,
            Money amount,
            Instant at) {
        // The payee is asked, and the payer is told.
        var asked = payee.spokenTo(payer);
        var sending = rules.decide(sending(actor, payer, asked, channel, instrument, amount, at));
        var receiving = rules.decide(receiving(actor, payer, asked, amount, at));
        var matched = new ArrayList<>(sending.matched());
        matched.addAll(receiving.matched());
        var limits =
                Stream.concat(
                                limits(sending, Operation.SEND, payer, amount),
                                limits(receiving, Operation.RECEIVE, asked, amount))
                        .toList();
        var refusal = first(sending, receiving);
        if (refusal != null) {
            return new Ruling(
                    rules.version(), actor, matched, limits, List.of(), Set.of(), null, refusal);
        }
        var thresholds = thresholds(sending, payer, amount);
        var demands = demands(sending, receiving);
        if (demands.contains(Demand.REVIEW) && !thresholds.isEmpty()) {
            // What is looked at first moves later and is counted then: of any number that are
            // looked at together each would keep to the threshold.
            demands.add(Demand.CONFIRMATION);
        }
        return new Ruling(
                rules.version(),
                actor,
                matched,
                limits,
                demands.contains(Demand.CONFIRMATION) ? List.of() : thresholds,
                Collections.unmodifiableSet(demands),
                receiving.arrivesWithin(),
                null);
    }

    private static Facts sending(
            Actor actor,
            Party payer,
            Party payee,
            @Nullable Channel channel,
            Instrument instrument,
            Money amount,
            Instant at) {
        return new Facts(
                Operation.SEND, payer, payee.country(), channel, actor, amount, at, instrument);
    }

    private static Facts receiving(
            Actor actor, Party payer, Party payee, Money amount, Instant at) {
        return new Facts(
                Operation.RECEIVE,
                payee,
                payer.country(),
                null,
                actor,
                amount,
                at,
                Instrument.WALLET);
    }

    private static Set<Demand> demands(Verdict sending, Verdict receiving) {
        var demands = EnumSet.noneOf(Demand.class);
        demands.addAll(sending.demands().keySet());
        demands.addAll(receiving.demands().keySet());
        return demands;
    }

    private static List<Threshold> thresholds(Verdict sending, Party payer, Money amount) {
        return sending.thresholds().isEmpty()
                ? List.of()
                : sending.thresholds().stream()
                        .filter(Threshold::isCounted)
                        .map(it -> Threshold.of(it, payer, amount))
                        .toList();
    }

    private static Stream<Limit> limits(
            Verdict verdict, Operation operation, Party party, Money amount) {
        return verdict.limits().stream().map(it -> Limit.of(it, operation, party, amount));
    }

    /** Of two refusals the one that comes first in the order of problems; the payer's of equals. */
    private static @Nullable Problem first(Verdict sending, Verdict receiving) {
        var payers = sending.refusal();
        var payees = receiving.refusal();
        if (payers == null || payees == null) {
            return payers == null ? payees : payers;
        }
        return ((RulesProblem) payees.type()).compareTo((RulesProblem) payers.type()) < 0
                ? payees
                : payers;
    }
}
