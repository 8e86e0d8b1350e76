package kvit.identity;

import java.time.Instant;
import java.util.UUID;
import kvit.identity.Phones.Phone;

/** A sign-in that waits for its code. */
record SignInView(UUID id, String sentTo, Instant expiresAt, Instant resendAt) {

    static SignInView of(SignIn signIn, Phone phone) {
        return new SignInView(signIn.id, phone.masked(), signIn.expiresAt, signIn.resendAt);
    }
}
