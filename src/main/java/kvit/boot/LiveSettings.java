package kvit.boot;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What live mode wants to have been said explicitly, as far as the configuration alone tells. */
final class LiveSettings {
    private static final String SERVICE_ROLE = "quarkus.datasource.username";
    private static final String MIGRATIONS_ROLE = "quarkus.flyway.username";
    private static final String SMS_GATEWAY = "kvit.sms.gateway";
    private static final List<String> TWILIO =
            List.of(
                    "kvit.sms.twilio.account-sid",
                    "kvit.sms.twilio.auth-token",
                    "kvit.sms.twilio.from");
    private static final String RETIRED_PEPPERS = "kvit.identity.retired-pin-peppers";
    private static final String CARD_KEY_VERSION = "kvit.card.key-version";
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,8}");
    private static final String PROCESSOR = "kvit.card.processor";
    private static final String STRIPE_KEY = "kvit.card.stripe.secret-key";
    private static final String STRIPE_BASE = "kvit.card.stripe.base";
    private static final List<String> STRIPE =
            List.of(STRIPE_KEY, "kvit.card.stripe.webhook-secrets");
    private static final String ISSUER = "kvit.operate.issuer.url";
    private static final String ISSUER_AUDIENCE = "kvit.operate.issuer.audience";
    private static final String PRIVATE_TARGETS = "kvit.webhook.private-targets";
    private static final Pattern LIVE_KEY = Pattern.compile("[sr]k_live_.+");
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

    /** Those of bytes, alone or in a list; the one that signs is a file. */
    private static final List<String> KEYS =
            List.of(
                    SandboxKeys.SECRET,
                    SandboxKeys.PIN_PEPPER,
                    SandboxKeys.CARD_KEYS,
                    SandboxKeys.CARD_FINGERPRINT_KEY);

    private static final int SECRET_BYTES = 32;
    private static final int DIFFERENT_BYTES = 16;

    private final Function<String, Optional<String>> config;
    private final List<String> faults = new ArrayList<>();
    private final Set<ByteBuffer> generatedKeys;

    private LiveSettings(Function<String, Optional<String>> config, Map<String, String> generated) {
        this.config = config;
        this.generatedKeys = keys(generated);
    }

    /**
     * Returns everything that is missing or not fit for live mode.
     *
     * @param config finds the value of a property
     * @param generated the keys that a sandbox has created here, by property
     */
    static List<String> faults(
            Function<String, Optional<String>> config, Map<String, String> generated) {
        LiveSettings settings = new LiveSettings(config, generated);
        settings.checkDatabase();
        settings.checkSecret(SandboxKeys.SECRET);
        settings.checkSecret(SandboxKeys.PIN_PEPPER);
        settings.checkRetiredPeppers();
        settings.checkPeppersAreOfTheirOwn();
        settings.checkSigningKey(SandboxKeys.SIGNING_KEY, generated);
        settings.checkSigningKey(SandboxKeys.BOOKS_KEY, generated);
        settings.checkCardKeys();
        settings.checkSms();
        settings.checkProcessor();
        settings.checkIssuer();
        settings.checkWebhooks();
        return List.copyOf(settings.faults);
    }

    /** A property in both of its spellings, because many know only one of them. */
    static String bothNames(String property) {
        String variable = property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
        return property + " (" + variable + ")";
    }

    private void checkDatabase() {
        if (value(BundledPostgres.MARKER).equals("true") || !isSet(BundledPostgres.URL)) {
            fault(BundledPostgres.URL, "is missing: the bundled PostgreSQL is for the sandbox");
        }
        require(SERVICE_ROLE);
        require(MIGRATIONS_ROLE);
        if (isSet(SERVICE_ROLE) && value(SERVICE_ROLE).equals(value(MIGRATIONS_ROLE))) {
            fault(
                    MIGRATIONS_ROLE,
                    "is the role of the service, too: whoever owns the tables can change the past");
        }
    }

    /**
     * By their bytes: one that has another version or another place is known to the same people.
     */
    private static Set<ByteBuffer> keys(Map<String, String> generated) {
        Set<ByteBuffer> keys = new HashSet<>();
        for (String property : KEYS) {
            for (String key : listed(generated.getOrDefault(property, ""))) {
                decoded(key.substring(key.indexOf(':') + 1))
                        .ifPresent(it -> keys.add(ByteBuffer.wrap(it)));
            }
        }
        return keys;
    }

    private void checkIsNotGenerated(String property, byte[] key) {
        if (generatedKeys.contains(ByteBuffer.wrap(key))) {
            fault(property, "is one that a sandbox has generated");
        }
    }

    private void checkSecret(String property) {
        if (!isSet(property)) {
            require(property);
            return;
        }
        checkSecret(property, value(property));
    }

    /** Whoever knows one of before knows every PIN that is still under it. */
    private void checkRetiredPeppers() {
        if (!isSet(RETIRED_PEPPERS)) {
            return;
        }
        for (String pepper : value(RETIRED_PEPPERS).split(",", -1)) {
            checkSecret(RETIRED_PEPPERS, pepper.strip());
            if (pepper.strip().equals(value(SandboxKeys.SECRET))) {
                fault(RETIRED_PEPPERS, "is kvit.secret, too");
            }
        }
    }

    private void checkSecret(String property, String secret) {
        try {
            byte[] bytes = Base64.getDecoder().decode(secret);
            checkIsNotGenerated(property, bytes);
            if (bytes.length < SECRET_BYTES) {
                fault(property, "is shorter than " + SECRET_BYTES + " bytes");
            } else if (allTheSame(bytes)) {
                fault(property, "is one byte over and over");
            }
        } catch (IllegalArgumentException e) {
            fault(property, "is not base64");
        }
    }

    /** One that is two things is lost twice when it is lost, and changed by whoever changes one. */
    private void checkPeppersAreOfTheirOwn() {
        String pepper = value(SandboxKeys.PIN_PEPPER);
        if (!pepper.isEmpty() && pepper.equals(value(SandboxKeys.SECRET))) {
            fault(SandboxKeys.PIN_PEPPER, "is kvit.secret, too");
        }
    }

    private void checkSigningKey(String property, Map<String, String> generated) {
        if (!isSet(property)) {
            require(property);
            return;
        }
        Path key = Path.of(value(property)).toAbsolutePath().normalize();
        if (key.toString().equals(generated.get(property))) {
            fault(property, "is the one that a sandbox has generated");
        }
    }

    /**
     * Each of these keys is for one thing: whoever learns one of them learns nothing of what the
     * others keep.
     */
    private void checkCardKeys() {
        Set<ByteBuffer> seen = new HashSet<>();
        for (String other : List.of(SandboxKeys.SECRET, SandboxKeys.PIN_PEPPER)) {
            decoded(value(other)).ifPresent(it -> seen.add(ByteBuffer.wrap(it)));
        }
        require(SandboxKeys.CARD_KEYS);
        Set<String> versions = new HashSet<>();
        for (String key : listed(value(SandboxKeys.CARD_KEYS))) {
            String[] parts = key.split(":", 2);
            if (parts.length < 2 || !VERSION.matcher(parts[0]).matches()) {
                fault(SandboxKeys.CARD_KEYS, "is not a list of VERSION:BASE64");
                continue;
            }
            if (!versions.add(parts[0])) {
                fault(SandboxKeys.CARD_KEYS, "has the version " + parts[0] + " twice");
            }
            checkKey(SandboxKeys.CARD_KEYS, parts[1], seen);
            if (decoded(parts[1]).filter(it -> it.length > SECRET_BYTES).isPresent()) {
                fault(SandboxKeys.CARD_KEYS, "is longer than " + SECRET_BYTES + " bytes");
            }
        }
        String version = isSet(CARD_KEY_VERSION) ? value(CARD_KEY_VERSION) : "1";
        if (!versions.isEmpty() && !versions.contains(version)) {
            fault(CARD_KEY_VERSION, "is no version of " + SandboxKeys.CARD_KEYS);
        }
        if (!isSet(SandboxKeys.CARD_FINGERPRINT_KEY)) {
            require(SandboxKeys.CARD_FINGERPRINT_KEY);
            return;
        }
        checkKey(SandboxKeys.CARD_FINGERPRINT_KEY, value(SandboxKeys.CARD_FINGERPRINT_KEY), seen);
    }

    private void checkKey(String setting, String base64, Set<ByteBuffer> seen) {
        byte[] bytes = decoded(base64).orElse(null);
        if (bytes != null) {
            checkIsNotGenerated(setting, bytes);
        }
        if (bytes == null) {
            fault(setting, "is not base64");
        } else if (bytes.length < SECRET_BYTES) {
            fault(setting, "is shorter than " + SECRET_BYTES + " bytes");
        } else if (!seen.add(ByteBuffer.wrap(bytes))) {
            fault(setting, "is the same as another key");
        } else if (isTrivial(bytes)) {
            fault(setting, "is not random");
        }
    }

    /**
     * What somebody types who only wants to get on: a pattern. Of 32 random bytes, fewer than 16
     * are different once in longer than the world is old.
     */
    private static boolean isTrivial(byte[] bytes) {
        Set<Byte> values = new HashSet<>();
        Set<Integer> steps = new HashSet<>();
        for (int i = 0; i < bytes.length; i++) {
            values.add(bytes[i]);
            steps.add(i == 0 ? 0 : (bytes[i] - bytes[i - 1]) & 0xFF);
        }
        return values.size() < DIFFERENT_BYTES || steps.size() < DIFFERENT_BYTES;
    }

    private static List<String> listed(String values) {
        return Arrays.stream(values.split(",", -1))
                .map(String::strip)
                .filter(it -> !it.isEmpty())
                .toList();
    }

    private static Optional<byte[]> decoded(String base64) {
        try {
            return Optional.of(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private void checkSms() {
        switch (value(SMS_GATEWAY)) {
            case "" -> fault(SMS_GATEWAY, "is missing");
            case "inbox" -> fault(SMS_GATEWAY, "is inbox, which delivers to nobody");
            case "twilio" -> TWILIO.forEach(this::require);
            default -> {
                // Another gateway knows by itself what it needs.
            }
        }
    }

    private void checkProcessor() {
        switch (value(PROCESSOR).toLowerCase(Locale.ROOT)) {
            case "" -> fault(PROCESSOR, "is missing");
            case "simulated" -> fault(PROCESSOR, "is simulated, which charges nobody");
            case "stripe" -> checkStripe();
            default -> {
                // Another processor knows by itself what it needs.
            }
        }
    }

    private void checkStripe() {
        STRIPE.forEach(this::require);
        if (isSet(STRIPE_KEY) && !LIVE_KEY.matcher(value(STRIPE_KEY)).matches()) {
            fault(STRIPE_KEY, "is not a live one (sk_live_ or rk_live_), so it charges nobody");
        }
        if (isSet(STRIPE_BASE) && !isConfidential(value(STRIPE_BASE))) {
            fault(STRIPE_BASE, "is not https: card numbers go there");
        }
    }

    /** Whoever answers in its place says who is an operator. */
    private void checkIssuer() {
        if (isSet(ISSUER) && !isConfidential(value(ISSUER))) {
            fault(ISSUER, "is not https: it says who is an operator");
        }
        if (isSet(ISSUER)) {
            require(ISSUER_AUDIENCE);
        }
    }

    /** Whoever registers an endpoint would reach what only the service can. */
    private void checkWebhooks() {
        if (isSet(PRIVATE_TARGETS) && !value(PRIVATE_TARGETS).equals("false")) {
            fault(
                    PRIVATE_TARGETS,
                    "is not false: webhooks would go to this network, and unencrypted");
        }
    }

    /**
     * Encrypted on its way, or never on any: what listens here may well be a proxy that encrypts.
     */
    private static boolean isConfidential(String address) {
        try {
            var uri = new URI(address);
            var host = Optional.ofNullable(uri.getHost()).orElse("").toLowerCase(Locale.ROOT);
            return !host.isEmpty()
                    && ("https".equalsIgnoreCase(uri.getScheme())
                            || LOOPBACK.matcher(host).matches());
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean allTheSame(byte[] bytes) {
        for (byte each : bytes) {
            if (each != bytes[0]) {
                return false;
            }
        }
        return true;
    }

    private void require(String property) {
        if (!isSet(property)) {
            fault(property, "is missing");
        }
    }

    private boolean isSet(String property) {
        return !value(property).isEmpty();
    }

    private String value(String property) {
        return config.apply(property).map(String::strip).orElse("");
    }

    private void fault(String property, String what) {
        faults.add(bothNames(property) + " " + what);
    }
}
