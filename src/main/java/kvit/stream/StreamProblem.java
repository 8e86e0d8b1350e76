package kvit.stream;

import kvit.problem.ProblemType;

/** Why a stream is not opened, in order of precedence. */
enum StreamProblem implements ProblemType {
    EVENT_ID_UNKNOWN(400, "This is no id of an event"),
    TOO_MANY_STREAMS(429, "Too many streams are open");

    private final int status;
    private final String title;

    StreamProblem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
