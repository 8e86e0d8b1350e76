package kvit.identity;

import java.util.Map;
import java.util.Optional;

/** Which scope somebody needs to be told of something: the one by which they could look it up. */
public final class NoticeScopes {

    /** By the first word of a notice's type. */
    private static final Map<String, String> SCOPES =
            Map.of(
                    "transfer", Scope.TRANSFERS_READ,
                    "request", Scope.TRANSFERS_READ,
                    "claim", Scope.TRANSFERS_READ,
                    "card", Scope.CARDS,
                    "top_up", Scope.CARDS,
                    "payout", Scope.CARDS,
                    "dispute", Scope.CARDS,
                    "friend", Scope.PROFILE,
                    "pin", Scope.PROFILE,
                    "customer", Scope.PROFILE);

    private NoticeScopes() {}

    /** The scope that notices of this type need; empty where nobody may be told. */
    public static Optional<String> of(String type) {
        var dot = type.indexOf('.');
        return Optional.ofNullable(SCOPES.get(dot < 0 ? type : type.substring(0, dot)));
    }
}
