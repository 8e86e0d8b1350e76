package kvit.idempotency;

import static kvit.idempotency.KeyProblem.IDEMPOTENCY_KEY_REUSED;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import kvit.problem.Problem;
import kvit.problem.ProblemBody;
import org.jspecify.annotations.Nullable;

/** Writes answers as they are stored and sent, word for word. */
@ApplicationScoped
public class Answers {

    private final ObjectMapper json;

    Answers(ObjectMapper json) {
        this.json = json;
    }

    public Answer of(int status, Object body) {
        return new Answer(status, write(body), false);
    }

    public Answer of(Problem refusal, String requestId) {
        return of(refusal.type().status(), ProblemBody.of(refusal, requestId));
    }

    /**
     * That the key stands for something else.
     *
     * @param member by what name the problem tells of that, such as {@code transferId}
     * @param first the id of it; null where there is none to tell
     */
    public Answer reused(String requestId, String member, @Nullable UUID first) {
        var problem =
                IDEMPOTENCY_KEY_REUSED.because(
                        "Its first use is another request; take a new key for a new one.");
        return of(first == null ? problem : problem.with(member, first), requestId);
    }

    public String write(Object body) {
        try {
            return json.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer is a plain record", e);
        }
    }
}
