package kvit.operate;

import static kvit.operate.OperateProblem.INVITATION_INVALID;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.UriBuilder;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Sha256;

/** Takes up an invitation: a password of one's own, and a secret for the authenticator app. */
@ApplicationScoped
class EnrolOperator {

    private final Operators operators;
    private final Passwords passwords;
    private final OneTimeCodes codes;
    private final Clock clock;

    EnrolOperator(Operators operators, Passwords passwords, OneTimeCodes codes, Clock clock) {
        this.operators = operators;
        this.passwords = passwords;
        this.codes = codes;
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
     * @throws Problem INVITATION_INVALID when it is none, was taken up, or is too old
     */
    Enrolled enrol(String invitation, String password) {
        // Looked at before anything is hashed, which is slow and not for strangers.
        QuarkusTransaction.requiringNew().run(() -> invited(invitation));
        var hash = passwords.hash(Passwords.Whose.OPERATORS, password);
        return QuarkusTransaction.requiringNew().call(() -> enrolled(invitation, hash));
    }

    private Enrolled enrolled(String invitation, String hash) {
        var operator = invited(invitation);
        operator.enrol(hash);
        var secret = codes.base32(operator);
        return new Enrolled(operator.view(), secret, uri(operator, secret));
    }

    private Operator invited(String invitation) {
        return operators
                .lockByInvitation(Sha256.of(invitation))
                .filter(it -> it.isInvitedAt(clock.instant()))
                .orElseThrow(
                        () ->
                                INVITATION_INVALID.because(
                                        "It is none, or was taken up, or is too old."));
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
