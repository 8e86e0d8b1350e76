package kvit.claim;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import kvit.claim.ClaimChanged.Step;
import kvit.identity.CustomerMessages;
import kvit.identity.CustomerText;
import kvit.outbox.DeliveryFailed;
import kvit.outbox.Subscriber;

/** Tells somebody how their claim goes. */
@ApplicationScoped
class TellClaim implements Subscriber<ClaimChanged> {

    private static final Map<Step, CustomerText> TEXTS = new EnumMap<>(Step.class);

    static {
        TEXTS.put(
                Step.RECEIVED,
                new CustomerText(
                        "Kvit: we have your claim about %s that you have sent, and look into it.",
                        "Kvit : nous avons reçu votre réclamation pour %s envoyés, et l'examinons.",
                        "Kvit: мы получили ваше заявление о переводе %s и рассматриваем его."));
        TEXTS.put(
                Step.CREDITED,
                new CustomerText(
                        "Kvit: %s is in your wallet until your claim is decided.",
                        "Kvit : %s sont dans votre portefeuille jusqu'à la décision sur votre"
                                + " réclamation.",
                        "Kvit: %s в вашем кошельке до решения по вашему заявлению."));
        TEXTS.put(
                Step.CREDIT_RETURNED,
                new CustomerText(
                        "Kvit: %s that you had until your claim is decided was taken back.",
                        "Kvit : %s avancés jusqu'à la décision sur votre réclamation ont été repris.",
                        "Kvit: %s, данные вам до решения по заявлению, списаны."));
        TEXTS.put(
                Step.ACCEPTED,
                new CustomerText(
                        "Kvit: your claim is accepted. %s is yours.",
                        "Kvit : votre réclamation est acceptée. %s sont à vous.",
                        "Kvit: ваше заявление принято. %s — ваши."));
        TEXTS.put(
                Step.REJECTED,
                new CustomerText(
                        "Kvit: your claim about %s is rejected. Ask us for the reasons and the"
                                + " documents.",
                        "Kvit : votre réclamation pour %s est rejetée. Demandez-nous les raisons et"
                                + " les documents.",
                        "Kvit: ваше заявление о %s отклонено. Причины и документы — по запросу."));
    }

    private final CustomerMessages messages;

    TellClaim(CustomerMessages messages) {
        this.messages = messages;
    }

    @Override
    public Class<ClaimChanged> kind() {
        return ClaimChanged.class;
    }

    @Override
    public void deliver(ClaimChanged event) throws DeliveryFailed {
        var text = Objects.requireNonNull(TEXTS.get(event.step()));
        messages.send(event.customer(), locale -> text.in(locale, event.amount()));
    }
}
