package kvit.identity;

import static kvit.identity.IdentityProblem.CARD_DIGITS_WRONG;
import static kvit.identity.IdentityProblem.PIN_WRONG;
import static kvit.identity.IdentityProblem.SESSION_REVOKED;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import kvit.identity.CheckPin.Counted;
import kvit.identity.Guard.Kind;
import kvit.operate.Passwords;
import kvit.operate.Passwords.Whose;
import kvit.outbox.Outbox;
import kvit.problem.Problem;
import kvit.source.Clock;

/**
 * Sets the PIN of somebody who has forgotten theirs, by what they enrolled with: the phone, in a
 * sign-in of just now, and a card. In case it was somebody else, all other devices are signed out,
 * the owner is told, and it is noted until when nothing may be paid out to a card. Transfers go on.
 *
 * <p>There is no idempotency key. A session resets once, which makes a late duplicate harmless:
 * whoever wants another PIN by then has it, and a duplicate does not turn it back.
 */
@ApplicationScoped
class ResetPin {

    private final FreshSignIn freshSignIn;
    private final PinStore store;
    private final CheckPin checkPin;
    private final Guesses guesses;
    private final WeakPins weakPins;
    private final Peppers peppers;
    private final Passwords passwords;
    private final Instance<KnownCards> cards;
    private final Sessions sessions;
    private final Admissions admissions;
    private final Outbox outbox;
    private final IdentityConfig config;
    private final Clock clock;

    ResetPin(
            FreshSignIn freshSignIn,
            PinStore store,
            CheckPin checkPin,
            Guesses guesses,
            WeakPins weakPins,
            Peppers peppers,
            Passwords passwords,
            Instance<KnownCards> cards,
            Sessions sessions,
            Admissions admissions,
            Outbox outbox,
            IdentityConfig config,
            Clock clock) {
        this.freshSignIn = freshSignIn;
        this.store = store;
        this.checkPin = checkPin;
        this.guesses = guesses;
        this.weakPins = weakPins;
        this.peppers = peppers;
        this.passwords = passwords;
        this.cards = cards;
        this.sessions = sessions;
        this.admissions = admissions;
        this.outbox = outbox;
        this.config = config;
        this.clock = clock;
    }

    /**
     * The digits are guessed at like a PIN, so a wrong try counts. Right ones alone forgive
     * nothing: only what really resets does.
     *
     * @param session through which it is asked for; it goes on
     * @throws Problem SIGN_IN_TOO_OLD, also for another PIN than the one that this session has set
     *     by a reset before; PIN_LOCKED; CARD_DIGITS_WRONG, also where there is no card; PIN_WEAK;
     *     SESSION_REVOKED when another reset has ended this session meanwhile; UNAVAILABLE when too
     *     many others are at it
     */
    void reset(UUID customer, UUID session, String pin, String cardLast4) {
        freshSignIn.require(session);
        if (store.wasResetBy(customer, session) || !isReset(customer, session, pin, cardLast4)) {
            requireRepeated(customer, pin);
        }
    }

    /** Nothing is done once more. It tells whether a PIN is right, so it is a try of it. */
    private void requireRepeated(UUID customer, String pin) {
        var refusal = checkPin.check(customer, pin).refusal();
        if (refusal != null) {
            throw refusal.type() == PIN_WRONG ? FreshSignIn.tooOld() : refusal;
        }
    }

    /** False when this session was quicker to do it. */
    private boolean isReset(UUID customer, UUID session, String pin, String cardLast4) {
        var counted = checkPin.count(customer, Kind.CARD_DIGITS);
        if (cards.stream().noneMatch(it -> it.hasActiveEndingWith(customer, cardLast4))) {
            checkPin.wasWrong(counted);
            throw CARD_DIGITS_WRONG.because("They are wrong, or there is no such card.");
        }
        var isStored = false;
        try {
            if (weakPins.isWeak(pin, counted.pin())) {
                throw SetPin.tooWeak();
            }
            var hash =
                    passwords.hash(
                            Whose.CUSTOMERS, peppers.peppered(peppers.current(), customer, pin));
            var ended =
                    QuarkusTransaction.requiringNew().call(() -> stored(counted, session, hash));
            isStored = ended.isPresent();
            ended.orElse(List.of()).forEach(admissions::end);
            return isStored;
        } finally {
            if (!isStored) {
                checkPin.takeBack(counted);
            }
        }
    }

    /** Returns the sessions that it has ended; nothing when this session had reset before. */
    private Optional<List<UUID>> stored(Counted counted, UUID session, String hash) {
        var now = clock.instant();
        var customer = counted.pin().customer();
        var heldUntil = now.plus(config.pinResetHold());
        // First, because its row is what two resets queue up at.
        if (!store.reset(customer, session, hash, peppers.current(), now, heldUntil)) {
            return Optional.empty();
        }
        if (sessions.findById(session).revokedAt != null) {
            throw SESSION_REVOKED.because("Sign in again.");
        }
        guesses.wasRight(counted.phone(), counted.tried(), now);
        guesses.succeeded(counted.phone(), Kind.PIN, now);
        var others =
                sessions.living(customer).stream().filter(it -> !it.id.equals(session)).toList();
        others.forEach(it -> it.revoke(now));
        outbox.add(List.of(new PinReset(customer, heldUntil)));
        return Optional.of(others.stream().map(it -> it.id).toList());
    }
}
