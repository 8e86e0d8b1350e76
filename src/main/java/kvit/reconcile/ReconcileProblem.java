package kvit.reconcile;

import kvit.problem.ProblemType;

/** What reconciliation refuses, in order of precedence. */
enum ReconcileProblem implements ProblemType {
    RUN_NOT_FOUND(404, "No such run"),
    BREAK_NOT_FOUND(404, "No such break"),
    FILE_NOT_USABLE(422, "A file of these cannot be reconciled"),
    RUN_TOO_LARGE(422, "More lines than one run takes"),
    NOTHING_TO_RECONCILE(422, "All of it was dealt with before"),
    RUN_BY_PLANNER(403, "Whoever has planned it does not approve it"),
    RUN_OPEN(409, "Another run waits to be posted"),
    RUN_SETTLED(409, "The run has ended"),
    PLAN_STALE(409, "The plan is not what would be posted by now"),
    BREAK_RESOLVED(409, "The break is resolved"),
    BREAK_NOT_RESOLVED(409, "The break is not resolved"),
    BREAK_MATCHED(422, "What has resolved it cannot be taken back"),
    BREAK_HOLDS_MONEY(422, "Money of it sits in suspense"),
    BREAK_HOLDS_NONE(422, "No money of it can be moved"),
    ITEM_NOT_EXPECTED(422, "Nothing like that is expected"),
    AMOUNTS_DIFFER(422, "The amounts are not the same"),
    TWO_ARE_NEEDED(422, "One alone does not do that"),
    WALLET_NOT_FOUND(422, "The customer has no such wallet"),
    ITEM_MAY_COME(422, "It may still come"),
    NOT_A_LOSS(422, "It is not ours to write off"),
    WRITE_OFF_TOO_LARGE(422, "More than may be written off");

    private final int status;
    private final String title;

    ReconcileProblem(int status, String title) {
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

    /** What has ended has ended; only another's run may be over soon. */
    @Override
    public boolean retryable() {
        return this == RUN_OPEN;
    }
}
