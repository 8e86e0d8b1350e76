package kvit.rules;

import java.util.Set;

/**
 * The front end that a session was opened through.
 *
 * @param platform whose product the person has before them: {@code telegram}, {@code web}
 * @param ownerCountry where the platform's owner sits, ISO 3166-1
 * @param carries what of people's data passes through the platform
 */
public record Channel(String platform, String ownerCountry, Set<DataClass> carries) {

    public Channel {
        carries = Set.copyOf(carries);
    }
}
