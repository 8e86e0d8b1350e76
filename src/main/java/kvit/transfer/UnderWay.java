package kvit.transfer;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import kvit.rules.Demand;
import kvit.rules.Limit;
import org.jspecify.annotations.Nullable;

/**
 * Transfers that have not moved yet, as they are counted: by whose word, and within which limits.
 */
@ApplicationScoped
class UnderWay {

    /** Of what is kept of a ruling, what it demanded. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Said(Set<Demand> demands) {}

    private final TransferStore store;
    private final ObjectMapper json;

    UnderWay(TransferStore store, ObjectMapper json) {
        this.store = store;
        this.json = json;
    }

    /**
     * What cards of these people are being charged for. Read after what is counted of them was
     * locked: whoever begins or ends a charge has that lock, too, so it is here or counted already.
     */
    List<WithinLimits.Candidate> charging(Collection<UUID> payers) {
        return store.charging(payers).stream()
                .map(
                        it ->
                                new WithinLimits.Candidate(
                                        it.transfer(), List.of(), List.of(), word(it)))
                .toList();
    }

    /** Of one that its payer is not confirming now: what had to be confirmed has been before. */
    WithinLimits.Word word(TransferStore.Stored stored) {
        return read(stored, stored.ruling(), Said.class).demands().contains(Demand.CONFIRMATION)
                ? WithinLimits.Word.CONFIRMED_BEFORE
                : WithinLimits.Word.SENT;
    }

    /** Those that it was made under; the rules are not asked again. */
    List<Limit> limits(TransferStore.Stored stored) {
        return List.of(read(stored, stored.limits(), Limit[].class));
    }

    private <T> T read(TransferStore.Stored stored, @Nullable String text, Class<T> type) {
        try {
            return json.readValue(
                    Objects.requireNonNull(text, "what is under way was decided by rules"), type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "what was said of a transfer cannot be read: " + stored.transfer().id(), e);
        }
    }
}
