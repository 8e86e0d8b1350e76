package kvit;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Defaults are promises: one that changes in silence fails here, and is documented or does not
 * exist.
 */
class ConfigTest {

    private static final Map<String, String> DEFAULTS = defaults();

    @Test
    void theDefaultsAreThese() {
        assertThat(DEFAULTS).containsExactlyInAnyOrderEntriesOf(EXPECTED);
    }

    @Test
    void everySettingIsDocumented() throws IOException {
        var document = Files.readString(Path.of("docs/operating.md"));
        // Each table of the document has one prefix, and names what comes after it.
        assertThat(DEFAULTS.keySet())
                .allSatisfy(
                        it ->
                                assertThat(document)
                                        .containsPattern(
                                                "`(kvit\\.[a-z]+\\.)?" + shortName(it) + "[`.]"));
    }

    private static String shortName(String setting) {
        return setting.replaceFirst("^kvit\\.[a-z]+\\.", "").replace(".", "\\.");
    }

    private static final Map<String, String> EXPECTED =
            Map.ofEntries(
                    Map.entry("kvit.webhook.private-targets", "false"),
                    Map.entry("kvit.webhook.endpoints-max", "5"),
                    Map.entry("kvit.webhook.calls-at-once", "8"),
                    Map.entry("kvit.webhook.workers", "10"),
                    Map.entry("kvit.webhook.timeout", "PT20S"),
                    Map.entry("kvit.webhook.connect-timeout", "PT5S"),
                    Map.entry("kvit.webhook.look-every", "PT0.5S"),
                    Map.entry("kvit.webhook.secret-overlap", "PT24H"),
                    Map.entry("kvit.webhook.secret-drawn-within", "PT24H"),
                    Map.entry("kvit.webhook.disable-after", "P5D"),
                    Map.entry("kvit.webhook.retention", "P30D"),
                    Map.entry("kvit.books.signing-key", "none"),
                    Map.entry("kvit.books.retired-signing-keys", "none"),
                    Map.entry("kvit.books.close-after", "PT15M"),
                    Map.entry("kvit.books.reads-at-once", "2"),
                    Map.entry("kvit.books.export-max", "PT30M"),
                    Map.entry("kvit.books.export-stall", "PT10S"),
                    Map.entry("kvit.books.verification-patience", "PT5M"),
                    Map.entry("kvit.card.keys", "none"),
                    Map.entry("kvit.card.key-version", "1"),
                    Map.entry("kvit.card.fingerprint-key", "none"),
                    Map.entry("kvit.card.enrolment-life", "PT24H"),
                    Map.entry("kvit.card.shared-allowed", "false"),
                    Map.entry("kvit.card.attempts-per-day", "10"),
                    Map.entry("kvit.card.attempts-at-once", "5"),
                    Map.entry("kvit.card.attempts-at-once-within", "PT10M"),
                    Map.entry("kvit.card.processor", "none"),
                    Map.entry("kvit.card.calls-at-once", "10"),
                    Map.entry("kvit.card.top-up.ask-first", "PT2S"),
                    Map.entry("kvit.card.top-up.ask-max", "PT5M"),
                    Map.entry("kvit.card.payout.hand-over-after", "PT15M"),
                    Map.entry("kvit.card.payout.instant-hand-over-after", "PT0S"),
                    Map.entry("kvit.card.payout.business-days", "3"),
                    Map.entry("kvit.card.payout.instant-within", "PT30M"),
                    Map.entry(
                            "kvit.card.payout.instant-fees",
                            "USD:100:25:1000,EUR:100:25:1000,GBP:100:25:1000,"
                                    + "RUB:100:1500:60000,BYN:100:50:2000,UAH:100:600:25000,"
                                    + "CNY:100:200:6500"),
                    Map.entry("kvit.card.payout.ask-first", "PT2S"),
                    Map.entry("kvit.card.payout.ask-max", "PT5M"),
                    Map.entry("kvit.card.payout.ask-max-taken", "PT1H"),
                    Map.entry("kvit.card.dispute.lost-after", "P120D"),
                    Map.entry("kvit.card.breaker.calls", "20"),
                    Map.entry("kvit.card.breaker.failure-percent", "50"),
                    Map.entry("kvit.card.breaker.open-for", "10s"),
                    Map.entry("kvit.card.stripe.secret-key", "none"),
                    Map.entry("kvit.card.stripe.webhook-secrets", "none"),
                    Map.entry("kvit.card.stripe.payouts", "false"),
                    Map.entry("kvit.card.stripe.base", "https://api.stripe.com"),
                    Map.entry("kvit.card.stripe.connect-timeout", "3s"),
                    Map.entry("kvit.card.stripe.timeout", "10s"),
                    Map.entry("kvit.reconcile.lines-max", "250000"),
                    Map.entry("kvit.reconcile.write-off-max", "10000"),
                    Map.entry("kvit.reconcile.write-off-max-of", "none"),
                    Map.entry("kvit.reconcile.write-off-day-max", "100000"),
                    Map.entry("kvit.reconcile.write-off-day-max-of", "none"),
                    Map.entry("kvit.closing.closes-after", "PT1H"),
                    Map.entry("kvit.closing.handle-rests", "P365D"),
                    Map.entry("kvit.closing.exports-per-day", "3"),
                    Map.entry("kvit.closing.exports-at-once", "2"),
                    Map.entry("kvit.closing.export-max", "PT10M"),
                    Map.entry("kvit.closing.export-stall", "PT10S"),
                    Map.entry("kvit.identity.issuer", "kvit"),
                    Map.entry("kvit.identity.audience", "kvit"),
                    Map.entry("kvit.identity.signing-key", "none"),
                    Map.entry("kvit.identity.retired-keys", "none"),
                    Map.entry("kvit.identity.pin-pepper", "none"),
                    Map.entry("kvit.identity.retired-pin-peppers", "none"),
                    Map.entry("kvit.identity.pin-sign-in-within", "PT10M"),
                    Map.entry("kvit.identity.pin-reset-hold", "PT24H"),
                    Map.entry("kvit.identity.access-token-life", "PT10M"),
                    Map.entry("kvit.identity.refresh-token-life", "P30D"),
                    Map.entry("kvit.identity.refresh-grace", "PT10S"),
                    Map.entry("kvit.identity.sessions-max", "20"),
                    Map.entry("kvit.identity.admission-memory", "PT0.9S"),
                    Map.entry("kvit.identity.tokens-remembered", "20000"),
                    Map.entry("kvit.identity.client-secret-overlap", "PT24H"),
                    Map.entry("kvit.identity.code-life", "PT5M"),
                    Map.entry("kvit.identity.tries-max", "5"),
                    Map.entry("kvit.identity.lock-first", "PT30S"),
                    Map.entry("kvit.identity.lock-max", "PT1H"),
                    Map.entry("kvit.identity.failure-memory", "P1D"),
                    Map.entry("kvit.identity.resend-gap", "PT30S"),
                    Map.entry("kvit.identity.sign-in-retention", "P30D"),
                    Map.entry("kvit.identity.regions-served", "none"),
                    Map.entry("kvit.identity.look-ups-per-minute", "60"),
                    Map.entry("kvit.identity.contacts-per-day", "2000"),
                    Map.entry("kvit.identity.sends.per-phone", "5"),
                    Map.entry("kvit.identity.sends.per-phone-window", "PT10M"),
                    Map.entry("kvit.identity.sends.notices-per-phone", "3"),
                    Map.entry("kvit.identity.sends.invitations-per-phone", "3"),
                    Map.entry("kvit.identity.sends.invitations-per-customer", "20"),
                    Map.entry("kvit.identity.sends.per-address", "30"),
                    Map.entry("kvit.identity.sends.per-prefix", "2000"),
                    Map.entry("kvit.identity.sends.spend-per-day", "50000"),
                    Map.entry("kvit.identity.sends.price", "8"),
                    Map.entry("kvit.identity.sends.prices", "none"),
                    Map.entry("kvit.identity.sends.conversion-percent-min", "20"),
                    Map.entry("kvit.identity.sends.conversion-sample", "50"),
                    Map.entry("kvit.identity.sends.consecutive-max", "20"),
                    Map.entry("kvit.operate.second-factor-required", "true"),
                    Map.entry("kvit.operate.session-idle", "PT15M"),
                    Map.entry("kvit.operate.session-life", "PT12H"),
                    Map.entry("kvit.operate.tries-max", "5"),
                    Map.entry("kvit.operate.tries-max-anywhere", "50"),
                    Map.entry("kvit.operate.lock-first", "PT1M"),
                    Map.entry("kvit.operate.lock-max", "PT1H"),
                    Map.entry("kvit.operate.approval-life", "PT24H"),
                    Map.entry("kvit.operate.invitation-life", "PT24H"),
                    Map.entry("kvit.operate.sign-ins-per-address", "30"),
                    Map.entry("kvit.operate.issuer.url", "none"),
                    Map.entry("kvit.operate.issuer.audience", "none"),
                    Map.entry("kvit.operate.issuer.roles-claim", "roles"),
                    Map.entry("kvit.operate.issuer.email-claim", "email"),
                    Map.entry("kvit.operate.issuer.role-names.support", "support"),
                    Map.entry("kvit.operate.issuer.role-names.finance", "finance"),
                    Map.entry("kvit.operate.issuer.role-names.approver", "approver"),
                    Map.entry("kvit.operate.issuer.role-names.admin", "admin"),
                    Map.entry("kvit.notice.pause", "PT0.1S"),
                    Map.entry("kvit.notice.retention", "P7D"),
                    Map.entry("kvit.stream.heartbeat", "PT15S"),
                    Map.entry("kvit.stream.per-customer", "10"),
                    Map.entry("kvit.stream.per-replica", "5000"),
                    Map.entry("kvit.stream.stall", "PT30S"),
                    Map.entry("kvit.transfer.messages-per-day", "5"),
                    Map.entry("kvit.outbox.workers", "4"),
                    Map.entry("kvit.outbox.lease", "PT30S"),
                    Map.entry("kvit.outbox.first-retry", "PT2S"),
                    Map.entry("kvit.outbox.attempts-max", "8"),
                    Map.entry("kvit.outbox.retention", "P7D"),
                    Map.entry("kvit.friend.friends-max", "1000"),
                    Map.entry("kvit.friend.asked-per-day", "100"),
                    Map.entry("kvit.friend.blocks-max", "1000"),
                    Map.entry("kvit.request.payers-max", "50"),
                    Map.entry("kvit.request.asked-per-day", "200"),
                    Map.entry("kvit.request.messages-per-day", "30"),
                    Map.entry("kvit.request.remind-after", "PT24H"),
                    Map.entry("kvit.rules.actor", "BANK"),
                    Map.entry("kvit.sandbox.seed", "true"),
                    Map.entry("kvit.sandbox.settlement-fee-basis-points", "120"),
                    Map.entry("kvit.sandbox.settlement-batch-fee", "500"),
                    Map.entry("kvit.settlement.file-max", "64M"),
                    Map.entry("kvit.settlement.lines-max", "250000"),
                    Map.entry("kvit.sandbox.funding-max", "1000000000000"),
                    Map.entry("kvit.transfer.confirmation-life", "PT5M"),
                    Map.entry("kvit.transfer.review-life", "P7D"),
                    Map.entry("kvit.transfer.claim-life", "PT24H"),
                    Map.entry("kvit.transfer.claim-link", "none"),
                    Map.entry("kvit.transfer.waiting-max", "256"),
                    Map.entry("kvit.transfer.together-max", "192"),
                    Map.entry("kvit.transfer.writers", "1"),
                    Map.entry("kvit.sms.gateway", "none"),
                    Map.entry("kvit.sms.twilio.account-sid", "none"),
                    Map.entry("kvit.sms.twilio.auth-token", "none"),
                    Map.entry("kvit.sms.twilio.from", "none"),
                    Map.entry("kvit.sms.twilio.base-url", "https://api.twilio.com"),
                    Map.entry("kvit.sms.twilio.timeout", "4s"),
                    Map.entry("kvit.sms.twilio.connect-timeout", "2s"));

    private static Map<String, String> defaults() {
        var defaults = new TreeMap<String, String>();
        new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests()).importPackages("kvit").stream()
                        .filter(it -> it.isAnnotatedWith(ConfigMapping.class))
                        .map(it -> it.reflect())
                        .forEach(
                                it ->
                                        collect(
                                                it,
                                                it.getAnnotation(ConfigMapping.class).prefix(),
                                                defaults));
        return defaults;
    }

    private static void collect(Class<?> mapping, String prefix, Map<String, String> defaults) {
        for (Method item : mapping.getDeclaredMethods()) {
            var name =
                    prefix
                            + "."
                            + item.getName()
                                    .replaceAll("([A-Z])", "-$1")
                                    .toLowerCase(java.util.Locale.ROOT);
            if (item.getReturnType().isInterface()
                    && item.getReturnType().getEnclosingClass() == mapping) {
                collect(item.getReturnType(), name, defaults);
            } else if (!item.isSynthetic()
                    && !java.lang.reflect.Modifier.isStatic(item.getModifiers())) {
                var value = item.getAnnotation(WithDefault.class);
                defaults.put(name, value == null ? "none" : value.value());
            }
        }
    }
}
