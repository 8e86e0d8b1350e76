package kvit.sms;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

/** Chooses the gateway that the configuration names. */
class SmsGateways {

    /**
     * Made at start-up, so that a missing credential stops the start and not the first person who
     * signs in.
     */
    @Startup
    @Produces
    @ApplicationScoped
    SmsGateway gateway(SmsConfig config, Inbox inbox) {
        return switch (config.gateway()) {
            case INBOX -> inbox;
            case TWILIO -> new TwilioGateway(config.twilio());
        };
    }
}
