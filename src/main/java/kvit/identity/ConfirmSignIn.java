package kvit.identity;

import static kvit.identity.IdentityProblem.CODE_WRONG;
import static kvit.identity.IdentityProblem.SIGN_IN_NOT_FOUND;
import static kvit.identity.IdentityProblem.TOO_MANY_ATTEMPTS;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import kvit.identity.Guard.Kind;
import kvit.problem.Problem;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/** Trades a code for a session; the first time, the phone becomes a customer. */
@ApplicationScoped
class ConfirmSignIn {

    private final AuthenticateClient authenticate;
    private final SignIns signIns;
    private final Codes codes;
    private final Guesses guesses;
    private final EnrolCustomer enrol;
    private final Sessions sessions;
    private final Phones phones;
    private final ProvenPhones provenPhones;
    private final IdentityConfig config;
    private final Clock clock;

    ConfirmSignIn(
            AuthenticateClient authenticate,
            SignIns signIns,
            Codes codes,
            Guesses guesses,
            EnrolCustomer enrol,
            Sessions sessions,
            Phones phones,
            ProvenPhones provenPhones,
            IdentityConfig config,
            Clock clock) {
        this.authenticate = authenticate;
        this.signIns = signIns;
        this.codes = codes;
        this.guesses = guesses;
        this.enrol = enrol;
        this.sessions = sessions;
        this.phones = phones;
        this.provenPhones = provenPhones;
        this.config = config;
        this.clock = clock;
    }

    /**
     * A refusal commits, because a wrong try counts.
     *
     * @param credentials of the front end that the sign-in was started through
     * @param device what the session list shows, such as the user agent
     * @throws Problem CLIENT_UNKNOWN; SIGN_IN_NOT_FOUND, also for another front end's;
     *     TOO_MANY_ATTEMPTS, CODE_WRONG
     */
    @Transactional(dontRollbackOn = Problem.class)
    TokensView confirm(
            UUID id, String code, ClientCredentials credentials, @Nullable String device) {
        var mayGoOn = authenticate.goingOn(credentials);
        var now = clock.instant();
        var signIn =
                signIns.lock(id)
                        .filter(it -> mayGoOn.test(it.client))
                        .orElseThrow(() -> SIGN_IN_NOT_FOUND.because("Start a new sign-in."));
        // Before anything is known of the code, so that every refusal has done the same work.
        var matches = codes.matches(id, code, signIn.codeMac);
        requireUnlocked(signIn, now);
        if (!signIn.isOpenAt(now) || !matches) {
            throw failed(signIn, now);
        }
        signIn.confirm(now);
        guesses.succeeded(signIn.phone, Kind.SIGN_IN_CODE, now);
        var enrolled = enrol.enrol(phones.parse(signIn.phone), signIn.locale);
        if (!enrolled.customer().maySignIn()) {
            throw wrong();
        }
        provenPhones.proven(enrolled.customer().id, signIn.phone);
        var opened = sessions.open(enrolled.customer(), signIn.client, device);
        return opened.withCustomer(
                CustomerView.signedIn(enrolled.customer(), phones, enrolled.isNew()));
    }

    private void requireUnlocked(SignIn signIn, Instant now) {
        if (signIn.tries >= config.triesMax()) {
            throw TOO_MANY_ATTEMPTS
                    .because("This code is dead; ask for a new one.")
                    .retryAfter(Duration.between(now, later(signIn.resendAt, now)));
        }
        guesses.signInsBlockedFor(signIn.phone, now)
                .ifPresent(
                        wait -> {
                            throw Guesses.tooMany(wait);
                        });
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** Expired, used, replaced and wrong are one answer: a guesser learns nothing from it. */
    private Problem failed(SignIn signIn, Instant now) {
        signIn.tries++;
        guesses.failed(signIn.phone, Kind.SIGN_IN_CODE, now);
        return wrong();
    }

    private static Problem wrong() {
        return CODE_WRONG.because("It is wrong, or expired, or was used or replaced.");
    }
}
