package kvit.identity;

import java.util.Set;

/**
 * A registered front end: a bot, a mini-app, a chat app or a site that people sign in through; as
 * far as other capabilities have to know it.
 *
 * @param id what it calls itself in the header Kvit-Client
 * @param platform whose product people have before them: {@code telegram}, {@code web}
 * @param ownerCountry where the platform's owner sits, ISO 3166-1
 * @param carries the classes of people's data that pass through the platform; none for a shell that
 *     only shows our own pages
 */
public record ClientApp(
        String id, String name, String platform, String ownerCountry, Set<String> carries) {}
