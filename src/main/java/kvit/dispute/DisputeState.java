package kvit.dispute;

/** How far a dispute is. */
enum DisputeState {
    /** The processor has taken the money; what the wallet still has of it is held. */
    RECEIVED,
    /** The processor has given the money back, so nothing is held any more. */
    WON,
    /** It stays away: what was held is gone, and the rest is our loss. */
    LOST
}
