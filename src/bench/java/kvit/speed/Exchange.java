package kvit.speed;

/** One request and what became of it; each connection uses one over and over. */
final class Exchange {

    /** What a request is after. */
    enum Kind {
        TRANSFER(201),
        REPLAY(201),
        REFUSAL(422),
        READ(200);

        private final int status;

        Kind(int status) {
            this.status = status;
        }
    }

    /** Whose request it is, where several share a connection. */
    Traffic source;

    Kind kind = Kind.TRANSFER;

    /** Which of its traffic's transfers it is about. */
    int number;

    /** When it was to be sent, which a busy generator may have missed. By System.nanoTime. */
    long intendedAt;

    int status;
    boolean replayed;

    /** The start of the answer, where somebody asked for it or it is not the expected one. */
    final StringBuilder text = new StringBuilder();

    boolean wantsText;

    /** Whether the answer is the one that the request was after. */
    boolean isAsExpected() {
        return status == kind.status && replayed == (kind == Kind.REPLAY);
    }
}
