package kvit.transfer;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import kvit.identity.Person;
import kvit.rules.Channel;
import kvit.rules.Demand;
import kvit.rules.Instrument;
import kvit.rules.Limit;
import kvit.rules.Rules;
import org.jspecify.annotations.Nullable;

/**
 * Transfers that have not moved yet, as they are counted: by whose word, and within which limits.
 */
@ApplicationScoped
class UnderWay {

    /** Of what is kept of a ruling, how it was asked for and what it demanded. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Said(
            Channel channel,
            @Nullable Instrument instrument,
            Set<Demand> demands,
            @Nullable Duration arrivesWithin) {}

    private final WaitingStore store;
    private final ObjectMapper json;

    UnderWay(WaitingStore store, ObjectMapper json) {
        this.store = store;
        this.json = json;
    }

    /**
     * What cards of these people are being charged for. Read after what is counted of them was
     * locked: whoever begins or ends a charge has that lock, too, so it is here or counted already.
     */
    List<WithinLimits.Candidate> charging(Collection<UUID> payers) {
        return of(payers).stream().filter(it -> !isUnclaimed(it)).toList();
    }

    /** The same with what nobody has claimed yet: that moves without another word of its payer. */
    List<WithinLimits.Candidate> of(Collection<UUID> payers) {
        return store.underWay(payers).stream()
                .map(
                        it ->
                                new WithinLimits.Candidate(
                                        it.transfer(), List.of(), List.of(), word(it)))
                .toList();
    }

    static boolean isUnclaimed(WithinLimits.Candidate candidate) {
        return candidate.transfer().state() == TransferState.UNCLAIMED;
    }

    /** Of one that its payer is not confirming now: what had to be confirmed has been before. */
    WithinLimits.Word word(StoredTransfer stored) {
        return demands(stored).contains(Demand.CONFIRMATION)
                ? WithinLimits.Word.CONFIRMED_BEFORE
                : WithinLimits.Word.SENT;
    }

    /** What it needed, or needs yet. */
    Set<Demand> demands(StoredTransfer stored) {
        return said(stored).demands();
    }

    /** How long it may wait for its payee; null where no rule said so. */
    @Nullable Duration arrivesWithin(StoredTransfer stored) {
        return said(stored).arrivesWithin();
    }

    /** What the rules say to it now that it is known who is paid; asked for as it was. */
    Ruling ruledAgain(Rules rules, StoredTransfer stored, Person payer, Person payee, Instant at) {
        var said = said(stored);
        var amount = stored.transfer().amount();
        return Ruling.of(rules, payer, payee, said.channel(), said.instrument(), amount, at);
    }

    private Said said(StoredTransfer stored) {
        return read(stored, stored.ruling(), Said.class);
    }

    /** As they are kept. */
    String written(List<Limit> limits) {
        try {
            return json.writeValueAsString(limits);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a limit is a plain record", e);
        }
    }

    /** Those that it was made under; the rules are not asked again. */
    List<Limit> limits(StoredTransfer stored) {
        return List.of(read(stored, stored.limits(), Limit[].class));
    }

    private <T> T read(StoredTransfer stored, @Nullable String text, Class<T> type) {
        try {
            return json.readValue(
                    Objects.requireNonNull(text, "what is under way was decided by rules"), type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "what was said of a transfer cannot be read: " + stored.transfer().id(), e);
        }
    }
}
