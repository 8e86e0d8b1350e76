package kvit.operate;

/** What an operator may do, for {@code @RolesAllowed}. */
public final class Role {

    /** Reads, and looks after customers. */
    public static final String SUPPORT = "support";

    /** Looks after the money. */
    public static final String FINANCE = "finance";

    /** Approves what others have proposed. */
    public static final String APPROVER = "approver";

    /** Looks after operators, front ends and rules. */
    public static final String ADMIN = "admin";

    private Role() {}
}
