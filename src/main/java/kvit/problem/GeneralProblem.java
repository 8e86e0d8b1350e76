package kvit.problem;

/** Refusals that any operation may give, whatever it is about. */
public enum GeneralProblem implements ProblemType {
    BODY_TOO_LARGE(413, "The body is too large"),
    NOT_FOUND(404, "There is nothing here for you"),
    METHOD_NOT_ALLOWED(405, "This operation does not exist here"),
    NOT_ACCEPTABLE(406, "No representation that you accept"),
    MEDIA_TYPE_NOT_SUPPORTED(415, "A body of another type than this operation takes"),
    UNAUTHENTICATED(401, "Sign in first"),
    FORBIDDEN(403, "You may not do this"),
    BODY_MALFORMED(400, "The body is not well-formed JSON"),
    VALIDATION_FAILED(400, "The request is not what this operation takes"),
    TOO_MANY_REQUESTS(429, "Too many requests"),
    INTERNAL_ERROR(500, "A fault of ours"),
    UNAVAILABLE(503, "Not available right now");

    private final int status;
    private final String title;

    GeneralProblem(int status, String title) {
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

    /** A 400 that points at one field: {@code /amount/minor}, a JSON pointer, or {@code ?limit}. */
    public static Problem invalid(String pointer, String message) {
        return VALIDATION_FAILED
                .because(pointer + " " + message)
                .with("errors", java.util.List.of(new FieldError(pointer, message)));
    }

    /** One fault of one field. */
    public record FieldError(String pointer, String message) {}
}
