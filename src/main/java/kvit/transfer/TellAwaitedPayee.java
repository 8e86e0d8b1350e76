package kvit.transfer;

import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import kvit.identity.CustomerText;
import kvit.identity.Invitations;
import kvit.identity.People;
import kvit.identity.Person;
import kvit.identity.PersonRef;
import kvit.identity.Stranger;
import kvit.outbox.DeliveryFailed;
import kvit.outbox.Subscriber;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Tells somebody that money waits for them: whoever has the phone that it was sent to, in their
 * payer's language, because nothing else is known of theirs; or a customer who has to add a card.
 * The link names the transfer, and proves nothing.
 */
@ApplicationScoped
class TellAwaitedPayee implements Subscriber<TransferAwaitsPayee> {

    private static final CustomerText TO_SIGN_IN =
            new CustomerText(
                    "Kvit: %s sends you %s. Sign in with this number within %d h to receive it%s",
                    "Kvit : %s vous envoie %s. Connectez-vous avec ce numéro sous %d h pour le"
                            + " recevoir%s",
                    "Kvit: %s отправляет вам %s. Чтобы получить, войдите с этим номером в течение %d ч%s");

    private static final CustomerText TO_ADD_A_CARD =
            new CustomerText(
                    "Kvit: %s sends you %s. Add a card within %d h to receive it%s",
                    "Kvit : %s vous envoie %s. Ajoutez une carte sous %d h pour le recevoir%s",
                    "Kvit: %s отправляет вам %s. Чтобы получить, добавьте карту в течение %d ч%s");

    /** A name that phones would make a link of: anybody may call themselves anything. */
    private static final Pattern LINK = Pattern.compile("[/@:]|www|\\S\\.\\S");

    private final TransferStore store;
    private final AwaitedPayees awaitedPayees;
    private final People people;
    private final Invitations invitations;
    private final Optional<URI> link;
    private final Clock clock;

    TellAwaitedPayee(
            TransferStore store,
            AwaitedPayees awaitedPayees,
            People people,
            Invitations invitations,
            TransferConfig config,
            Clock clock) {
        this.store = store;
        this.awaitedPayees = awaitedPayees;
        this.people = people;
        this.invitations = invitations;
        this.link = config.claimLink();
        this.clock = clock;
    }

    @Override
    public Class<TransferAwaitsPayee> kind() {
        return TransferAwaitsPayee.class;
    }

    @Override
    public void deliver(TransferAwaitsPayee event) throws DeliveryFailed {
        var transfer = store.find(event.transfer()).orElseThrow();
        if (transfer.state() != TransferState.UNCLAIMED || !transfer.isWaitingAt(clock.instant())) {
            return;
        }
        if (transfer.payee() == null) {
            tellStranger(transfer, String.valueOf(transfer.phone()));
        } else {
            tellCustomer(transfer, transfer.payee());
        }
    }

    /** Whoever became a customer while it was sent did not see it when they signed in. */
    private void tellStranger(Transfer transfer, String phone) throws DeliveryFailed {
        var ref = new PersonRef(null, null, phone);
        var owner = people.find(Set.of(ref)).get(ref);
        if (owner != null) {
            awaitedPayees.claim(owner.id(), transfer.id());
            return;
        }
        // Of one whom nobody may see it cannot be claimed, and nobody is to know.
        if (!people.isTaken(phone)) {
            var payer = payer(transfer);
            invitations.invite(
                    transfer.payer(), phone, text(TO_SIGN_IN, payer.locale(), transfer, payer));
        }
    }

    private void tellCustomer(Transfer transfer, UUID payee) throws DeliveryFailed {
        // Whoever added a card while it was sent is not asked for one.
        awaitedPayees.claim(payee, transfer.id());
        if (store.find(transfer.id()).orElseThrow().state() != TransferState.UNCLAIMED) {
            return;
        }
        var person = people.byIds(List.of(payee)).get(payee);
        var phone = people.phoneOf(payee);
        if (person != null && phone.isPresent()) {
            invitations.invite(
                    transfer.payer(),
                    phone.get(),
                    text(TO_ADD_A_CARD, person.locale(), transfer, payer(transfer)));
        }
    }

    private Person payer(Transfer transfer) {
        return Objects.requireNonNull(
                people.byIds(List.of(transfer.payer())).get(transfer.payer()));
    }

    private String text(CustomerText text, String locale, Transfer transfer, Person payer) {
        return text.in(
                locale,
                name(payer, people.phoneOf(payer.id()).orElse(null)),
                transfer.amount(),
                hoursLeft(transfer),
                link.map(it -> ": " + it + "/" + transfer.id()).orElse("."));
    }

    private long hoursLeft(Transfer transfer) {
        var left = Duration.between(clock.instant(), transfer.expiresAt());
        return Math.max(1, left.plusMinutes(30).toHours());
    }

    /** With their number, by which whoever knows them knows that it is them. */
    private static String name(Person payer, @Nullable String phone) {
        var number = phone == null ? "Kvit" : Stranger.masked(phone);
        var name = payer.displayName();
        return name == null || LINK.matcher(name).find()
                ? number
                : "\"" + name + "\" (" + number + ")";
    }
}
