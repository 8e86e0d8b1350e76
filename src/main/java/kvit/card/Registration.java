package kvit.card;

/** What the processor says to a card that is made known to it. */
sealed interface Registration {

    /**
     * The card is known.
     *
     * @param reference the processor's name for it: no secret, and good for nothing without our
     *     credentials
     * @param funding where its money comes from
     * @param wayOut whether and by what name money can go out to it
     */
    record Registered(String reference, Funding funding, WayOut wayOut) implements Registration {

        /** Where one name is good for both. */
        Registered(String reference, Funding funding) {
            this(reference, funding, WayOut.by(reference));
        }
    }

    /**
     * The card is refused.
     *
     * @param code the processor's word for why, such as {@code incorrect_cvc}; not for people
     */
    record Declined(String code) implements Registration {}

    /** This call has sent nothing. Of earlier calls for the same card it says nothing. */
    record NotSent(Reason reason) implements Registration {}

    /**
     * The card may be known there or not. Nothing is charged; sending the same again settles it, or
     * adding the card anew, under another id.
     */
    record Unknown(Reason reason) implements Registration {}
}
