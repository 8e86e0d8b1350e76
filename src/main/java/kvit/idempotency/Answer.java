package kvit.idempotency;

/**
 * A finished answer, success or refusal, as it was first given and stored.
 *
 * @param body JSON, word for word
 * @param replayed whether it was given before
 */
public record Answer(int status, String body, boolean replayed) {

    public boolean isProblem() {
        return status >= 400;
    }
}
