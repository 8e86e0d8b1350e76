package kvit.operate;

import static kvit.operate.OperateProblem.INVITATION_INVALID;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.UriBuilder;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Sha256;
import org.jspecify.annotations.Nullable;

/** Takes up an invitation: a password of one's own, and a secret for the authenticator app. */
@ApplicationScoped
class EnrolOperator {

    private final Operators operators;
    private final Passwords passwords;
    private final OneTimeCodes codes;
    private final Issuer issuer;
    private final AuditTrail audit;
    private final Clock clock;

    EnrolOperator(
            Operators operators,
            Passwords passwords,
            OneTimeCodes codes,
            Issuer issuer,
            AuditTrail audit,
            Clock clock) {
        this.operators = operators;
        this.passwords = passwords;
        this.codes = codes;
        this.issuer = issuer;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * What the authenticator app needs, once.
     *
     * @param secret in base 32
     * @param uri the same as apps read it from a QR code
     */
    record Enrolled(OperatorView operator, String secret, String uri) {}

    /**
     * @param second the other half of an invitation that two have handed over
     * @throws Problem SIGN_IN_ELSEWHERE; INVITATION_INVALID when it is none, was taken up, is too
     *     old, or is a half
     */
    Enrolled enrol(String invitation, @Nullable String second, String password) {
        issuer.requireNone();
        // Looked at before anything is hashed, which is slow and not for strangers.
        QuarkusTransaction.requiringNew().run(() -> invited(invitation, second));
        var hash = passwords.hash(Passwords.Whose.OPERATORS, password);
        return QuarkusTransaction.requiringNew().call(() -> enrolled(invitation, second, hash));
    }

    private Enrolled enrolled(String invitation, @Nullable String second, String hash) {
        var operator = invited(invitation, second);
        var before = operator.view();
        operator.enrol(hash);
        audit.tell(
                AuditTrail.Actor.of(operator),
                new AuditTrail.Deed(
                        "operators.enrol",
                        AuditStep.DONE,
                        operator.id.toString(),
                        "An invitation was taken up.",
                        before,
                        operator.view(),
                        null));
        var secret = codes.base32(operator);
        return new Enrolled(operator.view(), secret, uri(operator, secret));
    }

    private Operator invited(String invitation, @Nullable String second) {
        var one = Sha256.of(invitation);
        var other = second == null ? null : Sha256.of(second);
        return operators
                .lockByInvitation(one)
                .filter(it -> it.isInvitedAt(clock.instant()) && it.isInvitedBy(one, other))
                .orElseThrow(
                        () ->
                                INVITATION_INVALID.because(
                                        "It is none, or half of one, was taken up, or is too"
                                                + " old."));
    }

    /** As authenticator apps read it from a QR code: the Key URI Format of Google Authenticator. */
    private static String uri(Operator operator, String secret) {
        return UriBuilder.fromUri("otpauth://totp")
                .path("Kvit:" + operator.email)
                .queryParam("secret", secret)
                .queryParam("issuer", "Kvit")
                .build()
                .toString();
    }
}
