package kvit.reconcile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import kvit.money.Currency;
import kvit.reconcile.Findings.Break;
import kvit.reconcile.Findings.How;
import kvit.reconcile.Findings.Method;
import kvit.reconcile.Findings.Resolution;
import kvit.settlement.LineType;
import org.jspecify.annotations.Nullable;

/**
 * The first leg: what the processor says against what the books expect. Pure: the same input gives
 * the same findings, in whatever order it comes.
 */
class MatchLedger {

    /** What a line and an expectation have to have in common. */
    record Name(LineType type, String name) {}

    /**
     * A line that looks for what it is about.
     *
     * @param parked the break that it sits in suspense by; null where it is new
     */
    private record Claim(Line line, @Nullable Parked parked) {

        /** Only of what nobody else claims. */
        boolean isAnother() {
            return parked != null && parked.mayBeAnother();
        }
    }

    /** Expectations that nobody can tell from each other, and need not: they are worth the same. */
    private record Alike(LineType type, String reference, Set<String> names, long minor) {

        static Alike of(Expectation it) {
            return new Alike(it.type(), it.reference(), it.names(), it.minor());
        }
    }

    /** What is alike, and all who claim it. */
    private static class Claimed {

        private final List<Expectation> alike = new ArrayList<>(1);
        private final List<Claim> claimants = new ArrayList<>(1);

        void add(Claim claim, Alike meant, List<Expectation> candidates) {
            claimants.add(claim);
            for (var it : candidates) {
                if (Alike.of(it).equals(meant) && !alike.contains(it)) {
                    alike.add(it);
                }
            }
        }

        List<Expectation> inOrder() {
            return alike.stream().sorted(Expectation.ORDER).toList();
        }
    }

    private final Currency currency;
    private final List<Rule> rules;
    private final Findings findings;

    MatchLedger(Currency currency, List<Rule> rules, Findings findings) {
        this.currency = currency;
        this.rules = rules;
        this.findings = findings;
    }

    /**
     * Finds what each new line is, and what earlier ones have become.
     *
     * @param lines new ones of the processor; its payouts to the bank are only looked at for
     *     whether they are new, and balances that it carries on not at all
     * @param parked breaks of earlier runs
     * @param expected in this currency
     * @param elsewhere what these lines name, and is of another currency
     */
    void match(
            Collection<Line> lines,
            Collection<Parked> parked,
            Collection<Expectation> expected,
            Collection<Expectation> elsewhere) {
        setPayoutsAside(lines);
        var fresh = new ArrayList<Line>();
        lines.stream()
                .filter(it -> it.type().isOfTheBooks())
                .sorted(Line.ORDER)
                .forEach(fresh::add);
        setForeignAside(fresh, expected, elsewhere);
        fresh.forEach(this::keepFee);
        var repeated = new Repeats(expected, parked).of(fresh);
        fresh.stream()
                .filter(it -> it.type() != LineType.CORRECTION && repeated.contains(it.key()))
                .forEach(it -> aside(Fault.DUPLICATE_LINE, it, null));
        rules.stream().filter(it -> it.by() == Rule.By.FEE).forEach(it -> matchFees(it, fresh));
        var claims = claims(fresh, parked, repeated);
        for (var rule : rules) {
            switch (rule.by()) {
                case REFERENCE -> match(rule, claims, expected, it -> Set.of(it.reference()));
                case EXTERNAL -> match(rule, claims, expected, Expectation::names);
                default -> {}
            }
        }
        nameTheRest(claims, expected, elsewhere);
        // Last, because what they correct may have been found by this very run.
        rules.stream()
                .filter(it -> it.by() == Rule.By.CORRECTION)
                .forEach(it -> new Corrections(findings).match(it, fresh, parked));
        fresh.stream()
                .filter(it -> !findings.isDone(it.key()))
                .forEach(
                        it ->
                                aside(
                                        repeated.contains(it.key())
                                                ? Fault.DUPLICATE_LINE
                                                : Fault.UNKNOWN_EXTERNAL,
                                        it,
                                        null));
    }

    /** A payout that was said before is not on its way a second time. */
    private void setPayoutsAside(Collection<Line> lines) {
        var payouts =
                lines.stream()
                        .filter(it -> it.type() == LineType.BANK_TRANSFER)
                        .sorted(Line.ORDER)
                        .toList();
        var repeated = new Repeats(List.of(), List.of()).of(payouts);
        payouts.stream()
                .filter(it -> repeated.contains(it.key()))
                .forEach(
                        it ->
                                findings.found(
                                        new Break(
                                                Fault.DUPLICATE_LINE,
                                                it,
                                                false,
                                                null,
                                                it.net(),
                                                it.net())));
    }

    /**
     * What is in another currency than the batch is part of no payout: it moves no money, and only
     * has a name.
     */
    private void setForeignAside(
            List<Line> fresh, Collection<Expectation> expected, Collection<Expectation> elsewhere) {
        if (fresh.stream().allMatch(it -> it.currency() == currency)) {
            return;
        }
        var byName = byName(expected, MatchLedger::anyName);
        byName.putAll(byName(elsewhere, MatchLedger::anyName));
        for (var line : fresh) {
            if (line.currency() != currency) {
                var about = nearest(byName, line).stream().findFirst();
                findings.found(
                        new Break(
                                about.isPresent()
                                        ? Fault.CURRENCY_MISMATCH
                                        : Fault.UNKNOWN_EXTERNAL,
                                line,
                                false,
                                about.map(Expectation::item).orElse(null),
                                line.gross(),
                                0));
            }
        }
        fresh.removeIf(it -> it.currency() != currency);
    }

    /** Whatever becomes of a line, its fee is gone. */
    private void keepFee(Line line) {
        if (line.type() != LineType.FEE && line.fee() != 0) {
            findings.move(Leg.FEES, -line.fee());
        }
    }

    private void matchFees(Rule rule, List<Line> fresh) {
        for (var line : fresh) {
            if (line.type() == LineType.FEE && !findings.isDone(line.key())) {
                findings.match(rule, Method.AUTO, List.of(line.key()), List.of());
                findings.move(Leg.FEES, line.net());
            }
        }
    }

    private List<Claim> claims(
            List<Line> fresh, Collection<Parked> parked, Set<Line.Key> repeated) {
        var claims = new ArrayList<Claim>();
        fresh.stream()
                .filter(it -> !findings.isDone(it.key()) && !repeated.contains(it.key()))
                .forEach(it -> claims.add(new Claim(it, null)));
        parked.stream()
                .filter(it -> !it.isOfBank() && (it.mayBeExpected() || it.mayBeAnother()))
                .sorted(Comparator.comparing(Parked::line, Line.ORDER))
                .forEach(it -> claims.add(new Claim(it.line(), it)));
        return claims;
    }

    /** One rule over all that is left: who claims what, and then what comes of it. */
    private void match(
            Rule rule,
            List<Claim> claims,
            Collection<Expectation> expected,
            Function<Expectation, Set<String>> names) {
        var byName = byName(expected, names);
        var claimed = new LinkedHashMap<Alike, Claimed>();
        var unsure = new ArrayList<Line>();
        for (var claim : claims) {
            if (findings.isDone(claim.line().key())) {
                continue;
            }
            var candidates =
                    candidates(rule, byName, claim.line()).stream()
                            .filter(it -> isSameWay(it, claim.line()))
                            .toList();
            var meant = meant(candidates, claim.line());
            if (meant != null) {
                claimed.computeIfAbsent(meant, it -> new Claimed()).add(claim, meant, candidates);
            } else if (!candidates.isEmpty() && claim.parked() == null) {
                unsure.add(claim.line());
            }
        }
        unsure.forEach(it -> aside(Fault.AMBIGUOUS, it, null));
        claimed.values().forEach(it -> settle(rule, it.inOrder(), it.claimants));
    }

    /** The only one that it may be, or the only one of just its amount. */
    private static @Nullable Alike meant(List<Expectation> candidates, Line line) {
        var all = candidates.stream().map(Alike::of).distinct().toList();
        if (all.size() == 1) {
            return all.get(0);
        }
        var exact = all.stream().filter(it -> it.minor() == line.gross()).toList();
        return exact.size() == 1 ? exact.get(0) : null;
    }

    private Map<Name, List<Expectation>> byName(
            Collection<Expectation> expected, Function<Expectation, Set<String>> names) {
        var byName = new HashMap<Name, List<Expectation>>();
        for (var expectation : expected) {
            if (!findings.isSettled(expectation.item())) {
                for (var name : names.apply(expectation)) {
                    byName.computeIfAbsent(
                                    new Name(expectation.type(), name), it -> new ArrayList<>(1))
                            .add(expectation);
                }
            }
        }
        return byName;
    }

    private static List<Expectation> candidates(
            Rule rule, Map<Name, List<Expectation>> byName, Line line) {
        var name = rule.by() == Rule.By.REFERENCE ? line.reference() : line.external();
        return name == null
                ? List.of()
                : byName.getOrDefault(new Name(line.type(), name), List.of()).stream()
                        .filter(it -> rule.isInTime(it.bookedOn(), line.bookedOn()))
                        .toList();
    }

    static boolean isSameWay(Expectation expectation, Line line) {
        return Long.signum(expectation.minor()) == Long.signum(line.gross());
    }

    /** What is alike is taken in turn, the oldest line the oldest of them. */
    private void settle(Rule rule, List<Expectation> alike, List<Claim> all) {
        var claimants = new ArrayList<Claim>();
        all.stream().filter(it -> !it.isAnother()).forEach(claimants::add);
        all.stream()
                .filter(Claim::isAnother)
                .limit(Math.max(0, alike.size() - claimants.size()))
                .forEach(claimants::add);
        for (var i = 0; i < claimants.size(); i++) {
            var expectation = alike.get(Math.min(i, alike.size() - 1));
            if (claimants.size() <= alike.size()) {
                settle(rule, expectation, claimants.get(i));
            } else if (claimants.get(i).parked() == null) {
                // Which of them it is only the processor knows.
                aside(Fault.AMBIGUOUS, claimants.get(i).line(), expectation.item());
            }
        }
    }

    private void settle(Rule rule, Expectation expectation, Claim claim) {
        var line = claim.line();
        var difference = Math.subtractExact(line.gross(), expectation.minor());
        var method = method(rule, expectation, line);
        var parked = claim.parked();
        if (parked != null) {
            if (method != Method.DIFFERENT) {
                late(rule, parked, expectation, difference, method);
            }
            return;
        }
        findings.match(rule, method, List.of(line.key()), List.of(expectation.item()));
        if (method == Method.DIFFERENT) {
            findings.found(
                    new Break(
                            Fault.AMOUNT_MISMATCH,
                            line,
                            false,
                            expectation.item(),
                            difference,
                            difference));
        } else if (difference != 0) {
            findings.move(Leg.FEES, difference);
        }
    }

    /** The line was there before what it is about; what it has parked is what was expected. */
    private void late(
            Rule rule, Parked parked, Expectation expectation, long difference, Method method) {
        findings.match(rule, method, List.of(parked.line().key()), List.of(expectation.item()));
        findings.resolved(new Resolution(parked.id(), How.LATE_MATCH, parked.minor(), null));
        if (difference != 0) {
            findings.move(Leg.FEES, difference);
        }
    }

    private static Method method(Rule rule, Expectation expectation, Line line) {
        if (line.gross() == expectation.minor()) {
            return Method.AUTO;
        }
        return rule.tolerates(expectation.minor(), line.gross())
                ? Method.TOLERANCE
                : Method.DIFFERENT;
    }

    /** What no rule has settled, by the nearest that there is to it. */
    private void nameTheRest(
            List<Claim> claims,
            Collection<Expectation> expected,
            Collection<Expectation> elsewhere) {
        var here = byName(expected, MatchLedger::anyName);
        var abroad = byName(elsewhere, MatchLedger::anyName);
        for (var claim : claims) {
            var line = claim.line();
            if (claim.parked() != null
                    || line.type() == LineType.CORRECTION
                    || findings.isDone(line.key())) {
                continue;
            }
            var wrongWay =
                    nearest(here, line).stream().filter(it -> !isSameWay(it, line)).findFirst();
            var wrongCurrency = nearest(abroad, line).stream().findFirst();
            if (wrongWay.isPresent()) {
                aside(Fault.DIRECTION_MISMATCH, line, wrongWay.get().item());
            } else if (wrongCurrency.isPresent()) {
                aside(Fault.CURRENCY_MISMATCH, line, wrongCurrency.get().item());
            } else {
                aside(Fault.UNKNOWN_EXTERNAL, line, null);
            }
        }
    }

    private static Set<String> anyName(Expectation expectation) {
        var names = new HashSet<>(expectation.names());
        names.add(expectation.reference());
        return names;
    }

    private static List<Expectation> nearest(Map<Name, List<Expectation>> byName, Line line) {
        var found = new ArrayList<Expectation>();
        for (var name : new String[] {line.reference(), line.external()}) {
            if (name != null) {
                found.addAll(byName.getOrDefault(new Name(line.type(), name), List.of()));
            }
        }
        found.sort(Expectation.ORDER);
        return found;
    }

    /** All of it is parked: nothing of ours is settled by it. */
    private void aside(Fault fault, Line line, @Nullable UUID item) {
        var minor = line.type() == LineType.FEE ? line.net() : line.gross();
        findings.found(new Break(fault, line, false, item, minor, minor));
    }
}
