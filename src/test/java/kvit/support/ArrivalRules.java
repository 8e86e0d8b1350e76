package kvit.support;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Rules that no seed has, about people whom only these tests know: in Portugal the first payment to
 * somebody without a card waits for one, and whatever waits for its payee does so for two hours.
 */
public final class ArrivalRules {

    public static final String COUNTRY = "PT";

    private static final AtomicBoolean PUBLISHED = new AtomicBoolean();

    private ArrivalRules() {}

    /** Once per run; the service decides by them within some seconds. */
    public static void publish() {
        if (PUBLISHED.getAndSet(true)) {
            return;
        }
        Sql.run(
                """
                with published as (
                    insert into rule_set (version, published_at, effective_at, reason, proposed_by,
                                          approved_by)
                    select max(version) + 1, max(effective_at), max(effective_at),
                           'tests of what is claimed', 'eve', 'adam'
                      from rule_set
                    returning version
                )
                insert into rule (id, version, kind, subject, condition, effect, valid_from, zone,
                                  legal_reference, text_en, text_fr, text_ru, recorded_in)
                select 'test/arrival', 1, 'ARRIVAL',
                       jsonb_build_object('countries', jsonb_build_array(?::text)),
                       '{"requires": "CARD", "window": "PT2H"}', 'REQUIRE', '2020-01-01 00:00:00 UTC',
                       'UTC', 'a test', 'Wait.', 'Attendez.', 'Ждите.', version
                  from published
                """,
                COUNTRY);
    }
}
