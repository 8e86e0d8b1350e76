package kvit.transfer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import kvit.rules.Actor;
import kvit.rules.Channel;
import kvit.rules.Demand;
import kvit.rules.Instrument;
import kvit.rules.Party;
import kvit.rules.PastDecisions;
import kvit.source.Ids;
import org.jspecify.annotations.Nullable;

/** Lets the rules look back at what they said to transfers. */
@ApplicationScoped
class PastTransfers implements PastDecisions {

    /** Of what is kept of a ruling, what it looked at, and what it demanded. */
    private record Seen(
            Actor actor,
            Party payer,
            Party payee,
            Channel channel,
            @Nullable Instrument instrument,
            @Nullable Set<Demand> demands) {}

    private final TransferStore store;
    private final ObjectMapper json;

    PastTransfers(TransferStore store, ObjectMapper json) {
        this.store = store;
        // What else is kept of a ruling is what it said.
        this.json = json.copy().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    @Override
    public Optional<Past> find(UUID transfer) {
        return store.ruled(transfer).map(this::past);
    }

    @Override
    public List<Past> since(Instant from, @Nullable UUID after, int atMost) {
        return store.ruledAfter(after == null ? Ids.floor(from) : after, atMost).stream()
                .map(this::past)
                .toList();
    }

    private Past past(StoredTransfer stored) {
        var transfer = stored.transfer();
        var seen = seen(Objects.requireNonNull(stored.ruling()));
        return new Past(
                transfer.id(),
                transfer.createdAt(),
                seen.actor(),
                seen.payer(),
                seen.payee(),
                seen.channel(),
                seen.instrument() == null ? Instrument.WALLET : seen.instrument(),
                transfer.amount(),
                Objects.requireNonNull(stored.ruleSet()),
                seen.demands() == null ? Set.of() : seen.demands(),
                transfer.declineCode());
    }

    private Seen seen(String ruling) {
        try {
            return json.readValue(ruling, Seen.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was looked at cannot be read any more", e);
        }
    }
}
