package kvit.idempotency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import kvit.problem.Problem;
import kvit.problem.ProblemBody;

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

    public String write(Object body) {
        try {
            return json.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer is a plain record", e);
        }
    }
}
