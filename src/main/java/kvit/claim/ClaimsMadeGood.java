package kvit.claim;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import kvit.transfer.MadeGood;

/** Claims that were accepted at our own cost. */
@ApplicationScoped
class ClaimsMadeGood implements MadeGood {

    private final ClaimStore claims;

    ClaimsMadeGood(ClaimStore claims) {
        this.claims = claims;
    }

    @Override
    public boolean isMadeGood(UUID transfer) {
        return claims.standing(transfer).filter(it -> it.way() == Way.LOSSES).isPresent();
    }
}
