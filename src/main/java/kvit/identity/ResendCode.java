package kvit.identity;

import static kvit.identity.IdentityProblem.SIGN_IN_NOT_FOUND;
import static kvit.identity.IdentityProblem.TOO_MANY_ATTEMPTS;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import kvit.outbox.Outbox;
import kvit.problem.Problem;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/** Asks for a new code; the old one is dead from that moment. */
@ApplicationScoped
class ResendCode {

    private final AuthenticateClient authenticate;
    private final SignIns signIns;
    private final Phones phones;
    private final SendLimits limits;
    private final Outbox outbox;
    private final IdentityConfig config;
    private final Clock clock;

    ResendCode(
            AuthenticateClient authenticate,
            SignIns signIns,
            Phones phones,
            SendLimits limits,
            Outbox outbox,
            IdentityConfig config,
            Clock clock) {
        this.authenticate = authenticate;
        this.signIns = signIns;
        this.phones = phones;
        this.limits = limits;
        this.outbox = outbox;
        this.config = config;
        this.clock = clock;
    }

    /**
     * @param credentials of the front end that the sign-in was started through
     * @throws Problem CLIENT_UNKNOWN; SIGN_IN_NOT_FOUND, also for one that was confirmed or is
     *     another front end's; TOO_MANY_ATTEMPTS when it is too soon or was too often
     */
    SignInView resend(UUID id, ClientCredentials credentials, String address) {
        var mayGoOn = authenticate.goingOn(credentials);
        var phone =
                phones.parse(
                        QuarkusTransaction.requiringNew()
                                .call(() -> waiting(signIns.findById(id), mayGoOn))
                                .phone);
        limits.require(phone, address);
        return QuarkusTransaction.requiringNew()
                .call(
                        () -> {
                            // Looked at once more under lock: two resends at once are one too many.
                            var signIn = waiting(signIns.lock(id).orElse(null), mayGoOn);
                            signIn.requestCode(
                                    clock.instant(), config.codeLife(), config.resendGap());
                            outbox.add(List.of(new CodeRequested(id, signIn.sends)));
                            return SignInView.of(signIn, phone);
                        });
    }

    private SignIn waiting(@Nullable SignIn signIn, Predicate<String> mayGoOn) {
        if (signIn == null || !mayGoOn.test(signIn.client) || signIn.confirmedAt != null) {
            throw SIGN_IN_NOT_FOUND.because("Start a new sign-in.");
        }
        var now = clock.instant();
        if (now.isBefore(signIn.resendAt)) {
            throw TOO_MANY_ATTEMPTS
                    .because("The last code is still on its way.")
                    .retryAfter(Duration.between(now, signIn.resendAt));
        }
        return signIn;
    }
}
