package kvit.operate;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

@ConfigMapping(prefix = "kvit.operate")
interface OperateConfig {

    /** Whether everybody needs a second factor; a sandbox's demo operators have none. */
    @WithDefault("true")
    boolean secondFactorRequired();

    /** An unattended desk is somebody else's soon. */
    @WithDefault("PT15M")
    Duration sessionIdle();

    /** A working day, and not longer however busy. */
    @WithDefault("PT12H")
    Duration sessionLife();

    /** Wrong passwords or codes in a row, from one address, before it is locked out. */
    @WithDefault("5")
    int triesMax();

    /**
     * The same from all addresses together, before the operator is locked out everywhere: many
     * more, because otherwise any stranger could do that to anybody.
     */
    @WithDefault("50")
    int triesMaxAnywhere();

    /** Each further failure doubles it. */
    @WithDefault("PT1M")
    Duration lockFirst();

    @WithDefault("PT1H")
    Duration lockMax();

    /** Nobody remembers tomorrow why it was asked for. */
    @WithDefault("PT24H")
    Duration approvalLife();

    /** Time to take up an invitation. */
    @WithDefault("PT24H")
    Duration invitationLife();

    /** Sign-ins from one address in a quarter of an hour: a full office, and no guesser. */
    @WithDefault("30")
    long signInsPerAddress();

    Issuer issuer();

    /** Somebody else who signs operators in, by OpenID Connect; then Kvit does not. */
    interface Issuer {

        /** As its tokens name it, and where its {@code /.well-known/openid-configuration} is. */
        Optional<String> url();

        /** What its tokens for Kvit say in {@code aud}. */
        Optional<String> audience();

        /** Where the roles stand: a claim, or a path through objects with dots. */
        @WithDefault("roles")
        String rolesClaim();

        /** Who it is to colleagues; not what they are known again by. */
        @WithDefault("email")
        String emailClaim();

        /** What our roles are called there. */
        RoleNames roleNames();

        interface RoleNames {

            @WithDefault(Role.SUPPORT)
            String support();

            @WithDefault(Role.FINANCE)
            String finance();

            @WithDefault(Role.APPROVER)
            String approver();

            @WithDefault(Role.ADMIN)
            String admin();
        }
    }
}
