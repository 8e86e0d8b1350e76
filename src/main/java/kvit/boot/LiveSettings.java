package kvit.boot;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
    private static final int SECRET_BYTES = 32;

    private final Function<String, Optional<String>> config;
    private final List<String> faults = new ArrayList<>();

    private LiveSettings(Function<String, Optional<String>> config) {
        this.config = config;
    }

    /**
     * Returns everything that is missing or not fit for live mode.
     *
     * @param config finds the value of a property
     * @param generated the keys that a sandbox has created here, by property
     */
    static List<String> faults(
            Function<String, Optional<String>> config, Map<String, String> generated) {
        LiveSettings settings = new LiveSettings(config);
        settings.checkDatabase();
        settings.checkSecret(SandboxKeys.SECRET, generated);
        settings.checkSecret(SandboxKeys.PIN_PEPPER, generated);
        settings.checkRetiredPeppers(generated);
        settings.checkPeppersAreOfTheirOwn();
        settings.checkSigningKey(generated);
        settings.checkSms();
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

    private void checkSecret(String property, Map<String, String> generated) {
        if (!isSet(property)) {
            require(property);
            return;
        }
        checkSecret(property, value(property), generated.get(property));
    }

    /** Whoever knows one of before knows every PIN that is still under it. */
    private void checkRetiredPeppers(Map<String, String> generated) {
        if (!isSet(RETIRED_PEPPERS)) {
            return;
        }
        for (String pepper : value(RETIRED_PEPPERS).split(",", -1)) {
            checkSecret(RETIRED_PEPPERS, pepper.strip(), generated.get(SandboxKeys.PIN_PEPPER));
            if (pepper.strip().equals(value(SandboxKeys.SECRET))) {
                fault(RETIRED_PEPPERS, "is kvit.secret, too");
            }
        }
    }

    private void checkSecret(String property, String secret, @Nullable String generated) {
        if (secret.equals(generated)) {
            fault(property, "is the one that a sandbox has generated");
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(secret);
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

    private void checkSigningKey(Map<String, String> generated) {
        if (!isSet(SandboxKeys.SIGNING_KEY)) {
            require(SandboxKeys.SIGNING_KEY);
            return;
        }
        Path key = Path.of(value(SandboxKeys.SIGNING_KEY)).toAbsolutePath().normalize();
        if (key.toString().equals(generated.get(SandboxKeys.SIGNING_KEY))) {
            fault(SandboxKeys.SIGNING_KEY, "is the one that a sandbox has generated");
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
