package kvit.identity;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import kvit.outbox.Outbox;
import kvit.problem.Problem;
import kvit.source.Clock;
import kvit.source.Ids;
import org.jspecify.annotations.Nullable;

/**
 * Begins a sign-in and asks for its code. Never looks whether the phone is a customer's, and so
 * cannot tell anybody, in its answer or in its time.
 */
@ApplicationScoped
class StartSignIn {

    private final SignIns signIns;
    private final Phones phones;
    private final AuthenticateClient authenticate;
    private final SendLimits limits;
    private final Outbox outbox;
    private final IdentityConfig config;
    private final Clock clock;
    private final Ids ids;

    StartSignIn(
            SignIns signIns,
            Phones phones,
            AuthenticateClient authenticate,
            SendLimits limits,
            Outbox outbox,
            IdentityConfig config,
            Clock clock,
            Ids ids) {
        this.signIns = signIns;
        this.phones = phones;
        this.authenticate = authenticate;
        this.limits = limits;
        this.outbox = outbox;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * @param credentials of the front end that the person signs in through
     * @param address where the request came from
     * @throws Problem CLIENT_UNKNOWN, PHONE_INVALID, PHONE_NOT_SERVED, TOO_MANY_ATTEMPTS
     */
    SignInView start(
            String phoneText,
            @Nullable String locale,
            ClientCredentials credentials,
            String address) {
        var client = authenticate.authenticate(credentials);
        var phone = phones.parseServed(phoneText);
        // Outside of the transaction: what was counted stays counted.
        limits.require(phone, address);
        return QuarkusTransaction.requiringNew()
                .call(
                        () -> {
                            var now = clock.instant();
                            var signIn = new SignIn();
                            signIn.id = ids.next();
                            signIn.phone = phone.e164();
                            signIn.region = phone.region();
                            signIn.locale = locale;
                            signIn.client = client;
                            signIn.address = address;
                            signIn.createdAt = now;
                            signIn.requestCode(now, config.codeLife(), config.resendGap());
                            signIns.persist(signIn);
                            outbox.add(List.of(new CodeRequested(signIn.id, signIn.sends)));
                            return SignInView.of(signIn, phone);
                        });
    }
}
