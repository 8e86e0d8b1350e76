package kvit.operate;

import org.jspecify.annotations.Nullable;

/**
 * A kind of change that two operators have to want: one proposes it, another approves it, and only
 * then it is carried out, as it was shown.
 *
 * @param <P> what has to be known to carry it out; a record that is the same after having been JSON
 */
public interface FourEyes<P> {

    /** What it is called, for ever: {@code rules.change}. */
    String action();

    Class<P> payload();

    /** What it is about: of one resource one request may be open. */
    String resource(P payload);

    /**
     * What the resource is now. Another answer when it is approved makes the request stale: its
     * maker had something else before their eyes.
     */
    String basis(P payload);

    /**
     * The resource as the audit trail shows it before and after it was carried out; null to show
     * the basis and what was asked for instead.
     */
    default @Nullable Object state(P payload) {
        return null;
    }

    /** In the transaction that also notes who approved it; a refusal leaves the request open. */
    void carryOut(P payload, Agreed agreed);

    /** The two who wanted it, by e-mail, and why. */
    record Agreed(String proposedBy, String approvedBy, String reason) {}
}
