package kvit.operate;

import io.quarkus.runtime.QuarkusApplication;
import java.util.List;

/**
 * What is said on the command line instead of serving: the first operators have nobody who could
 * ask for them, so whoever administers the machine does.
 */
public class OperatorCommand implements QuarkusApplication {

    private static final String USAGE =
            "Usage: invite-operator EMAIL NAME ROLE[,ROLE...]\n"
                    + "Roles: support, finance, approver, admin. Prints an invitation, once.";

    private final InviteOperator inviteOperator;
    private final OperateConfig config;

    OperatorCommand(InviteOperator inviteOperator, OperateConfig config) {
        this.inviteOperator = inviteOperator;
        this.config = config;
    }

    /** Exit code 0, or 2 for a command that is none. */
    @Override
    public int run(String... args) {
        if (args.length != 4 || !args[0].equals("invite-operator")) {
            System.err.println(USAGE);
            return 2;
        }
        try {
            System.out.println(
                    inviteOperator.invite(args[1], args[2], List.of(args[3].split(","))));
            System.err.printf(
                    "For %s alone, within %d hours: POST /v1/admin/enrolments.%n",
                    args[1], config.invitationLife().toHours());
            return 0;
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n" + USAGE);
            return 2;
        }
    }
}
