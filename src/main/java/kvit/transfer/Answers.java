package kvit.transfer;

import static kvit.idempotency.KeyProblem.IDEMPOTENCY_KEY_REUSED;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import kvit.idempotency.Answer;
import kvit.problem.Problem;
import kvit.problem.ProblemBody;
import org.jspecify.annotations.Nullable;

/** Writes answers as they are stored and sent, word for word. */
@ApplicationScoped
class Answers {

    private final ObjectMapper json;

    Answers(ObjectMapper json) {
        this.json = json;
    }

    Answer of(int status, Object body) {
        return new Answer(status, write(body), false);
    }

    Answer of(Problem refusal, Attempt<?> attempt) {
        return of(refusal.type().status(), ProblemBody.of(refusal, attempt.requestId()));
    }

    /**
     * The key stands for something else.
     *
     * @param first the transfer that it stands for; null where it is none
     */
    Answer reused(Attempt<?> attempt, @Nullable UUID first) {
        var problem =
                IDEMPOTENCY_KEY_REUSED.because(
                        "Its first use is another request; take a new key for a new one.");
        return of(first == null ? problem : problem.with("transferId", first), attempt);
    }

    String write(Object body) {
        try {
            return json.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer is a plain record", e);
        }
    }
}
