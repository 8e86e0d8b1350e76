package kvit.webhook;

import static kvit.webhook.WebhookProblem.WEBHOOK_TARGET_REFUSED;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;

/** What an endpoint may be. */
@ApplicationScoped
class EndpointForm {

    private static final int TYPES_MAX = 50;
    private static final Pattern TYPE = Pattern.compile("[a-z_]{1,40}\\.[a-z_]{1,40}");

    private final Addresses addresses;
    private final WebhookConfig config;

    EndpointForm(Addresses addresses, WebhookConfig config) {
        this.addresses = addresses;
        this.config = config;
    }

    /**
     * Sorted, so that what is shown to an approver is always written the same way.
     *
     * @throws Problem VALIDATION_FAILED
     */
    static SortedSet<String> types(Set<String> types) {
        if (types.size() > TYPES_MAX
                || !types.stream().allMatch(it -> it != null && TYPE.matcher(it).matches())) {
            throw GeneralProblem.invalid(
                    "/types", "must be at most " + TYPES_MAX + " like transfer.completed");
        }
        return Collections.unmodifiableSortedSet(new TreeSet<>(types));
    }

    /**
     * Whether it may be called, as far as its text tells.
     *
     * @throws Problem WEBHOOK_TARGET_REFUSED
     */
    Target requireForm(String url) {
        return Target.of(url, config.privateTargets());
    }

    /**
     * The same, and as far as its name leads today. Asks the network, so not within a transaction;
     * each call looks once more.
     *
     * @throws Problem WEBHOOK_TARGET_REFUSED
     */
    void requireReachable(String url) {
        try {
            addresses.of(requireForm(url).host());
        } catch (Addresses.NoAddress e) {
            throw WEBHOOK_TARGET_REFUSED.because(e.getMessage() + ".");
        }
    }
}
