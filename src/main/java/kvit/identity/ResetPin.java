package kvit.identity;

import static kvit.identity.IdentityProblem.CARD_DIGITS_WRONG;
import static kvit.identity.IdentityProblem.SESSION_REVOKED;
import static kvit.identity.IdentityProblem.SIGN_IN_TOO_OLD;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.util.List;
import java.util.UUID;
import kvit.operate.Passwords;
import kvit.outbox.Outbox;
import kvit.problem.Problem;
import kvit.source.Clock;

/**
 * Sets the PIN of somebody who has forgotten theirs, by what they enrolled with: the phone, in a
 * sign-in of just now, and a card. In case it was somebody else, all other devices are signed out,
 * and no money leaves for a day.
 */
@ApplicationScoped
class ResetPin {

    private final PinStore store;
    private final CheckPin checkPin;
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
            PinStore store,
            CheckPin checkPin,
            WeakPins weakPins,
            Peppers peppers,
            Passwords passwords,
            Instance<KnownCards> cards,
            Sessions sessions,
            Admissions admissions,
            Outbox outbox,
            IdentityConfig config,
            Clock clock) {
        this.store = store;
        this.checkPin = checkPin;
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
     * The digits are guessed at like a PIN, so a wrong try counts as one. The same request may be
     * repeated: it does the same once more.
     *
     * @param session through which it is asked for; it goes on
     * @throws Problem SIGN_IN_TOO_OLD; PIN_LOCKED; CARD_DIGITS_WRONG, also where there is no card;
     *     PIN_WEAK; SESSION_REVOKED when another reset has ended this session meanwhile;
     *     UNAVAILABLE when too many others are at it
     */
    void reset(UUID customer, UUID session, String pin, String cardLast4) {
        try (var turn = passwords.turn()) {
            requireFresh(session);
            var owner = checkPin.counted(customer);
            if (cards.stream().noneMatch(it -> it.hasActiveEndingWith(customer, cardLast4))) {
                throw CARD_DIGITS_WRONG.because("They are wrong, or there is no such card.");
            }
            checkPin.wasRight(owner);
            if (weakPins.isWeak(pin, owner)) {
                throw SetPin.tooWeak();
            }
            var hash = turn.hash(peppers.peppered(peppers.current(), customer, pin));
            QuarkusTransaction.requiringNew()
                    .call(() -> stored(customer, session, hash))
                    .forEach(admissions::end);
        }
    }

    private void requireFresh(UUID session) {
        var signedInAt =
                QuarkusTransaction.requiringNew().call(() -> sessions.findById(session)).createdAt;
        if (clock.instant().isAfter(signedInAt.plus(config.pinResetWithin()))) {
            throw SIGN_IN_TOO_OLD.because("Sign in again, by a new code, and then reset the PIN.");
        }
    }

    /** Returns the sessions that it has ended. */
    private List<UUID> stored(UUID customer, UUID session, String hash) {
        var now = clock.instant();
        var heldUntil = now.plus(config.pinResetHold());
        // First, because its row is what two resets queue up at.
        store.reset(customer, hash, peppers.current(), now, heldUntil);
        if (sessions.findById(session).revokedAt != null) {
            throw SESSION_REVOKED.because("Sign in again.");
        }
        var others =
                sessions.living(customer).stream().filter(it -> !it.id.equals(session)).toList();
        others.forEach(it -> it.revoke(now));
        outbox.add(List.of(new PinReset(customer, heldUntil)));
        return others.stream().map(it -> it.id).toList();
    }
}
