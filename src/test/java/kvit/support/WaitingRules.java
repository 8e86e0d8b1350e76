package kvit.support;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Rules that no seed has, about people whom only these tests know: in Sweden a transfer of more
 * than 10 EUR is confirmed, and one of more than 100 EUR is looked at as well; in Denmark one of
 * more than 10 EUR is looked at.
 */
public final class WaitingRules {

    public static final String CONFIRMING = "SE";
    public static final String REVIEWING = "DK";

    private static final AtomicBoolean PUBLISHED = new AtomicBoolean();

    private WaitingRules() {}

    /** Once per run; the service decides by them within some seconds. */
    public static void publish() {
        if (PUBLISHED.getAndSet(true)) {
            return;
        }
        Sql.run(
                """
                insert into rule_set (version, published_at, effective_at, reason, proposed_by, approved_by)
                select max(version) + 1, max(effective_at), max(effective_at), 'tests of what waits', 'eve',
                       'adam'
                  from rule_set
                """);
        publish(
                "test/confirm",
                CONFIRMING,
                "REQUIRE",
                "{\"max\": 1000, \"requires\": \"CONFIRMATION\"}");
        publish("test/look", CONFIRMING, "HOLD", "{\"max\": 10000}");
        publish("test/hold", REVIEWING, "HOLD", "{\"max\": 1000}");
    }

    private static void publish(String id, String country, String effect, String condition) {
        Sql.run(
                """
                insert into rule (id, version, kind, subject, condition, effect, valid_from, zone,
                                  legal_reference, text_en, text_fr, text_ru, recorded_in)
                select ?, 1, 'AMOUNT',
                       jsonb_build_object('countries', jsonb_build_array(?::text),
                                          'operations', jsonb_build_array('SEND')),
                       ?::jsonb, ?, '2020-01-01 00:00:00 UTC', 'UTC', 'a test', 'Wait.', 'Attendez.',
                       'Ждите.', max(version)
                  from rule_set
                """,
                id,
                country,
                condition,
                effect);
    }
}
