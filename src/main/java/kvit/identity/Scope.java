package kvit.identity;

import java.util.Set;

/**
 * What a session may do, depending on the front end that it was opened through: roles of its access
 * token, for {@code @RolesAllowed}.
 */
public final class Scope {

    /** What a customer says of themselves, their devices, and who others are. */
    public static final String PROFILE = "profile";

    /** Balances and statements. */
    public static final String WALLET = "wallet";

    /** Transfers that somebody sent or received. */
    public static final String TRANSFERS_READ = "transfers.read";

    /** Moving money: sending it, giving it back, and what goes with it. */
    public static final String TRANSFERS_SEND = "transfers.send";

    /** Cards: adding them, removing them, topping up from them, paying out to them. */
    public static final String CARDS = "cards";

    /** As the table client_app has them, too. */
    static final Set<String> ALL = Set.of(PROFILE, WALLET, TRANSFERS_READ, TRANSFERS_SEND, CARDS);

    private Scope() {}
}
