package kvit.rules;

/** What a rule that applies does; of several the last one here wins. */
enum Effect {
    ALLOW,
    /** Kept back until somebody has looked at it. */
    HOLD,
    /**
     * Goes on when the person has proved more than that they are signed in; what, says the {@link
     * Requirement} of its condition.
     */
    REQUIRE,
    DENY
}
