package kvit.identity;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import kvit.outbox.Outbox;
import kvit.problem.GeneralProblem;
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
    private final ClientApps clients;
    private final SendLimits limits;
    private final Outbox outbox;
    private final IdentityConfig config;
    private final Clock clock;
    private final Ids ids;

    StartSignIn(
            SignIns signIns,
            Phones phones,
            ClientApps clients,
            SendLimits limits,
            Outbox outbox,
            IdentityConfig config,
            Clock clock,
            Ids ids) {
        this.signIns = signIns;
        this.phones = phones;
        this.clients = clients;
        this.limits = limits;
        this.outbox = outbox;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * @param client the front end that people sign in through; null for the web
     * @param address where the request came from
     * @throws Problem VALIDATION_FAILED for an unknown client, PHONE_INVALID, PHONE_NOT_SERVED,
     *     TOO_MANY_ATTEMPTS
     */
    SignInView start(
            String phoneText, @Nullable String locale, @Nullable String client, String address) {
        var app =
                clients.find(client)
                        .orElseThrow(
                                () ->
                                        GeneralProblem.invalid(
                                                "Kvit-Client", "names no registered front end"));
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
                            signIn.client = app.id();
                            signIn.address = address;
                            signIn.createdAt = now;
                            signIn.requestCode(now, config.codeLife(), config.resendGap());
                            signIns.persist(signIn);
                            outbox.add(List.of(new CodeRequested(signIn.id, signIn.sends)));
                            return SignInView.of(signIn, phone);
                        });
    }
}
