package kvit.boot;

import io.quarkus.runtime.QuarkusApplication;
import kvit.card.RotateCardKeys;
import kvit.operate.InviteOperator;

/**
 * What is said on the command line instead of serving: the first operators have nobody who could
 * ask for them, and keys are for nobody to replace over HTTP, so whoever administers the machine
 * does.
 */
class OperatorCommand implements QuarkusApplication {

    private static final String USAGE =
            """
            Usage: invite-operator EMAIL NAME admin|approver
            Prints an invitation, once; only while nobody else has that role. They invite the others.
            Or: rotate-card-keys
            Wraps all cards by the key kvit.card.key-version; to be repeated if it was cut off.\
            """;

    private final InviteOperator inviteOperator;
    private final RotateCardKeys rotateCardKeys;

    OperatorCommand(InviteOperator inviteOperator, RotateCardKeys rotateCardKeys) {
        this.inviteOperator = inviteOperator;
        this.rotateCardKeys = rotateCardKeys;
    }

    /** Exit code 0, 1 where something is left to do, or 2 for a command that is none. */
    @Override
    public int run(String... args) {
        if (args.length == 1 && args[0].equals("rotate-card-keys")) {
            return rotateCardKeys();
        }
        if (args.length != 4 || !args[0].equals("invite-operator")) {
            System.err.println(USAGE);
            return 2;
        }
        try {
            System.out.println(inviteOperator.invite(args[1], args[2], args[3]));
            System.err.println("For " + args[1] + " alone, once: POST /v1/admin/enrolments");
            return 0;
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n" + USAGE);
            return 2;
        } catch (IllegalStateException e) {
            System.err.println(e.getMessage());
            return 1;
        }
    }

    private int rotateCardKeys() {
        try {
            var rotated = rotateCardKeys.rotate();
            System.out.printf(
                    "%d cards wrapped anew; %s by key %d now%n",
                    rotated.cards(),
                    rotated.left().isEmpty() ? "all are" : "not all are",
                    rotateCardKeys.keyVersion());
            rotated.left().forEach(it -> System.err.println("card " + it + " does not open"));
            return rotated.left().isEmpty() ? 0 : 1;
        } catch (IllegalStateException e) {
            System.err.println(e.getMessage());
            return 1;
        }
    }
}
