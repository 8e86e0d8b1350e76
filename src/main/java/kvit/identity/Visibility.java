package kvit.identity;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Who may see that money changed hands, the strictest first. Amounts are nobody else's in any case.
 */
public enum Visibility {
    @JsonProperty("private")
    PRIVATE,
    @JsonProperty("friends")
    FRIENDS,
    @JsonProperty("public")
    PUBLIC;

    /** Of two people's wishes the one that shows less wins. */
    public Visibility stricter(Visibility other) {
        return compareTo(other) < 0 ? this : other;
    }
}
