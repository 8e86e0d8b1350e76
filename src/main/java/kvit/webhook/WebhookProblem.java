package kvit.webhook;

import kvit.problem.ProblemType;

/** Why operators cannot do something about webhooks, in order of precedence. */
enum WebhookProblem implements ProblemType {
    WEBHOOK_ENDPOINT_NOT_FOUND(404, "There is no such webhook endpoint"),
    WEBHOOK_DELIVERY_NOT_FOUND(404, "There is no such delivery"),
    WEBHOOK_CLIENT_UNKNOWN(422, "There is no such front end"),
    WEBHOOK_TARGET_REFUSED(422, "No webhooks are sent there"),
    TOO_MANY_WEBHOOK_ENDPOINTS(422, "This front end has as many endpoints as it may"),
    WEBHOOK_ENDPOINT_STATE(422, "The endpoint is not in a state for this"),
    WEBHOOK_SECRET_NOT_AGREED(422, "Nobody has agreed to a new secret");

    private final int status;
    private final String title;

    WebhookProblem(int status, String title) {
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
