package kvit.source;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.InstantSource;

/** Where time and chance come in. Tests put their own in place of these. */
@ApplicationScoped
class Sources {

    @Produces
    @Singleton
    Clock clock() {
        return new Clock(InstantSource.system());
    }

    @Produces
    @Singleton
    SecureRandom random() {
        return new SecureRandom();
    }
}
