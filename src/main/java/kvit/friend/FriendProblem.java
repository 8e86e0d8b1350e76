package kvit.friend;

import kvit.problem.ProblemType;

/**
 * Why nobody is asked to be a friend, or is blocked, in order of precedence. That there is no such
 * person comes after the first.
 */
enum FriendProblem implements ProblemType {
    PERSON_IS_YOU(422, "Nobody is their own friend, or blocks themselves"),
    TOO_MANY_FRIENDS(422, "One of the two has as many friends as may be"),
    TOO_MANY_BLOCKS(422, "So many people are not blocked");

    private final int status;
    private final String title;

    FriendProblem(int status, String title) {
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
