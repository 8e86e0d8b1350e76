package kvit.payout;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;
import kvit.card.Speed;
import kvit.idempotency.IdempotencyKey;
import kvit.identity.ClientApp;
import kvit.money.Money;
import kvit.problem.Problem;
import kvit.problem.RequestIds;
import kvit.source.Ids;

/**
 * Has the rest of a wallet paid out, for somebody who leaves: a payout like any other, under a key
 * of ours.
 */
@ApplicationScoped
public class PayOutRest {

    /** Why it was not allowed, as whoever asks for a payout would be told. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Refused(String code, String detail) {}

    private final PayOut payOut;
    private final RequestIds requestIds;
    private final ObjectMapper json;
    private final Ids ids;

    PayOutRest(PayOut payOut, RequestIds requestIds, ObjectMapper json, Ids ids) {
        this.payOut = payOut;
        this.requestIds = requestIds;
        this.json = json;
        this.ids = ids;
    }

    /**
     * In a transaction of its own; empty where it is on its way.
     *
     * @throws Problem CARD_NOT_FOUND
     */
    public Optional<Refused> payOut(UUID customer, ClientApp client, UUID card, Money amount) {
        var answer =
                payOut.payOut(
                        new PayOut.Attempt(
                                customer,
                                client,
                                IdempotencyKey.parse("closing-" + ids.next()),
                                requestIds.current(),
                                new PayOut.Order(card, amount, Speed.STANDARD)));
        return answer.status() == 201 ? Optional.empty() : Optional.of(refused(answer.body()));
    }

    private Refused refused(String body) {
        try {
            return json.readValue(body, Refused.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer is JSON", e);
        }
    }
}
