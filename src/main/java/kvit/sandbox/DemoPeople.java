package kvit.sandbox;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.UUID;
import kvit.identity.EnrolCustomer;
import kvit.identity.People;
import kvit.identity.PersonRef;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.source.Ids;
import org.jboss.logging.Logger;

/**
 * Somebody to send money to before one has made anybody. Their numbers are set aside for fiction.
 */
@ApplicationScoped
class DemoPeople {

    private record Demo(String phone, String name, String handle, Money money) {}

    private static final List<Demo> PEOPLE =
            List.of(
                    new Demo(
                            "+12025550190",
                            "Ada Lovelace",
                            "ada",
                            new Money(1_000_00, Currency.USD)),
                    new Demo(
                            "+12025550191",
                            "Grace Hopper",
                            "grace",
                            new Money(1_000_00, Currency.USD)),
                    new Demo(
                            "+442079460190",
                            "Alan Turing",
                            "alan",
                            new Money(1_000_00, Currency.GBP)));

    /** Made once at random, so that a demo's money is known by its name. */
    private static final UUID SPACE = UUID.fromString("0d9b7c0e-54b0-4a44-9c8e-0d9f2e1b7a55");

    private static final Logger LOG = Logger.getLogger(DemoPeople.class);

    private final EnrolCustomer enrol;
    private final People people;
    private final FundWallet fundWallet;
    private final Mode mode;
    private final SandboxConfig config;

    DemoPeople(
            EnrolCustomer enrol,
            People people,
            FundWallet fundWallet,
            Mode mode,
            SandboxConfig config) {
        this.enrol = enrol;
        this.people = people;
        this.fundWallet = fundWallet;
        this.mode = mode;
        this.config = config;
    }

    /** Again at each start: what is there already is left alone. */
    void seed(@Observes StartupEvent event) {
        if (!mode.isSandbox() || !config.seed()) {
            return;
        }
        for (var demo : PEOPLE) {
            enrol.enrol(demo.phone(), demo.name(), demo.handle());
            var ref = new PersonRef(null, null, demo.phone());
            var person = people.find(List.of(ref)).get(ref);
            if (person != null) {
                fundWallet.fundOnce(
                        Ids.named(SPACE, "demo/" + demo.phone()), person.id(), demo.money());
                LOG.infof("demo: %s, @%s, %s", demo.phone(), demo.handle(), demo.name());
            }
        }
    }
}
