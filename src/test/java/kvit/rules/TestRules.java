package kvit.rules;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.problem.Problem;

/** The rules that Kvit comes with, and what to ask them. */
class TestRules {

    static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    static final Set<String> EEA =
            Set.of(
                    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR",
                    "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT",
                    "RO", "SE", "SI", "SK");
    static final List<String> SERVED =
            Stream.concat(EEA.stream(), Stream.of("US", "GB", "RU", "BY", "UA", "CN"))
                    .sorted()
                    .toList();

    static final Channel WEB = new Channel("web", "US", Set.of());
    static final Channel TELEGRAM =
            new Channel("telegram", "AE", Set.of(DataClass.PERSONAL_DATA, DataClass.TRANSFER_DATA));
    static final Map<String, String> NO = Map.of("en", "No.", "fr", "Non.", "ru", "Нет.");

    static final Seed SEED = read();
    static final List<Rule> ALL = SEED.all();
    static final RuleSet RULES = new RuleSet(1, ALL);

    private TestRules() {}

    private static Seed read() {
        try (var json = TestRules.class.getResourceAsStream("/kvit-rules.json")) {
            return new ObjectMapper()
                    .registerModule(new JavaTimeModule())
                    .readValue(json, Seed.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Set<String> countries() {
        return ALL.stream()
                .filter(it -> it.kind() == Kind.COUNTRY)
                .flatMap(it -> it.subject().countries().stream())
                .collect(Collectors.toSet());
    }

    static Currency currency(String country) {
        return switch (country) {
            case "US" -> Currency.USD;
            case "GB" -> Currency.GBP;
            case "RU" -> Currency.RUB;
            case "BY" -> Currency.BYN;
            case "UA" -> Currency.UAH;
            case "CN" -> Currency.CNY;
            default -> Currency.EUR;
        };
    }

    static Rule rule(String id) {
        return ALL.stream().filter(it -> it.id().equals(id)).findFirst().orElseThrow();
    }

    /** What Kvit comes with, and these. */
    static RuleSet with(Rule... more) {
        var all = new ArrayList<>(ALL);
        all.addAll(Arrays.asList(more));
        return new RuleSet(2, all);
    }

    /** About France, and newer than any of the seed, so that it would speak first among equals. */
    static Rule made(String id, Kind kind, Effect effect, Condition condition) {
        var france = Set.of("FR");
        var subject =
                condition.max() == null && kind != Kind.CONFIRMATION
                        ? Subject.ofCountries(france)
                        : subject(france, Set.of(Currency.EUR));
        return new Rule(
                id, 1, kind, subject, condition, effect, NOW, null, ZoneId.of("UTC"), "a test", NO);
    }

    static Subject subject(Set<String> countries, Set<Currency> currencies) {
        return new Subject(
                Set.of(),
                countries,
                Set.of(),
                Set.of(),
                Set.of(),
                Set.of(),
                currencies,
                Set.of(),
                Set.of(),
                Set.of());
    }

    static Condition requiring(Requirement requirement) {
        return new Condition(null, null, null, null, requirement, null);
    }

    static Condition max(long minor) {
        return new Condition(minor, null, null, null, null, null);
    }

    /** Beyond which somebody confirms: of one transfer, of all, and how many. */
    static Condition threshold(Long max, Long total, Long count) {
        return new Condition(max, count, null, null, Requirement.CONFIRMATION, total);
    }

    static Rule dated(Rule rule, int version, Instant from, Instant to) {
        return new Rule(
                rule.id(),
                version,
                rule.kind(),
                rule.subject(),
                rule.condition(),
                rule.effect(),
                from,
                to,
                rule.zone(),
                rule.legalReference(),
                rule.texts());
    }

    static Problem refusal(Case asked) {
        return RULES.decide(asked.facts()).refusal();
    }

    /** Somebody in their own country, with its currency, on the web, from or to the wallet. */
    static Case of(Operation operation, String country) {
        return new Case(
                operation,
                country,
                operation == Operation.SEND || operation == Operation.RECEIVE ? country : null,
                Tier.PHONE,
                null,
                "en",
                operation == Operation.RECEIVE ? null : WEB,
                Actor.BANK,
                new Money(1, currency(country)),
                NOW,
                switch (operation) {
                    case SEND, RECEIVE -> Instrument.WALLET;
                    case TOP_UP, PAY_OUT -> Instrument.DEBIT;
                });
    }

    static Case sending(String from, String to) {
        return of(Operation.SEND, from).to(to);
    }

    /** What is asked, to be varied in one thing at a time. */
    record Case(
            Operation operation,
            String country,
            String counterparty,
            Tier tier,
            LocalDate birthDate,
            String locale,
            Channel channel,
            Actor actor,
            Money amount,
            Instant at,
            Instrument instrument) {

        Facts facts() {
            return new Facts(
                    operation,
                    new Party(new UUID(0, 1), country, birthDate, tier, locale),
                    counterparty,
                    channel,
                    actor,
                    amount,
                    at,
                    instrument);
        }

        Case to(String other) {
            return new Case(
                    operation,
                    country,
                    other,
                    tier,
                    birthDate,
                    locale,
                    channel,
                    actor,
                    amount,
                    at,
                    instrument);
        }

        Case tier(Tier other) {
            return new Case(
                    operation,
                    country,
                    counterparty,
                    other,
                    birthDate,
                    locale,
                    channel,
                    actor,
                    amount,
                    at,
                    instrument);
        }

        Case born(LocalDate other) {
            return new Case(
                    operation,
                    country,
                    counterparty,
                    tier,
                    other,
                    locale,
                    channel,
                    actor,
                    amount,
                    at,
                    instrument);
        }

        Case locale(String other) {
            return new Case(
                    operation,
                    country,
                    counterparty,
                    tier,
                    birthDate,
                    other,
                    channel,
                    actor,
                    amount,
                    at,
                    instrument);
        }

        Case through(Channel other) {
            return new Case(
                    operation,
                    country,
                    counterparty,
                    tier,
                    birthDate,
                    locale,
                    other,
                    actor,
                    amount,
                    at,
                    instrument);
        }

        Case actor(Actor other) {
            return new Case(
                    operation,
                    country,
                    counterparty,
                    tier,
                    birthDate,
                    locale,
                    channel,
                    other,
                    amount,
                    at,
                    instrument);
        }

        Case amount(long minor) {
            return amount(new Money(minor, amount.currency()));
        }

        Case amount(Money other) {
            return new Case(
                    operation,
                    country,
                    counterparty,
                    tier,
                    birthDate,
                    locale,
                    channel,
                    actor,
                    other,
                    at,
                    instrument);
        }

        Case at(Instant other) {
            return new Case(
                    operation,
                    country,
                    counterparty,
                    tier,
                    birthDate,
                    locale,
                    channel,
                    actor,
                    amount,
                    other,
                    instrument);
        }

        Case with(Instrument other) {
            return new Case(
                    operation,
                    country,
                    counterparty,
                    tier,
                    birthDate,
                    locale,
                    channel,
                    actor,
                    amount,
                    at,
                    other);
        }
    }
}
