package kvit.support;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Rules that no seed has, about people whom only these tests know: in Sweden a transfer of more
 * than 10 EUR is confirmed, and one of more than 100 EUR is looked at as well; in Denmark one of
 * more than 10 EUR is looked at, and none is confirmed.
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
        // One statement: a set that is looked at before its rules are there would stay without
        // them.
        Sql.run(
                """
                with published as (
                    insert into rule_set (version, published_at, effective_at, reason, proposed_by,
                                          approved_by)
                    select max(version) + 1, max(effective_at), max(effective_at), 'tests of what waits',
                           'eve', 'adam'
                      from rule_set
                    returning version
                ), threshold as (
                    update rule r
                       set superseded_in = p.version
                      from published p
                     where r.id = 'confirmation/EEA' and r.superseded_in is null
                    returning r.*
                ), without_danes as (
                    insert into rule (id, version, kind, subject, condition, effect, valid_from, zone,
                                      legal_reference, text_en, text_fr, text_ru, recorded_in)
                    select id, version + 1, kind,
                           jsonb_set(subject, '{countries}', (subject -> 'countries') - ?::text),
                           condition, effect, valid_from, zone, legal_reference, text_en, text_fr, text_ru,
                           superseded_in
                      from threshold
                )
                insert into rule (id, version, kind, subject, condition, effect, valid_from, zone,
                                  legal_reference, text_en, text_fr, text_ru, recorded_in)
                select r.id, 1, 'AMOUNT',
                       jsonb_build_object('countries', jsonb_build_array(r.country),
                                          'operations', jsonb_build_array('SEND'),
                                          'currencies', jsonb_build_array('EUR')),
                       cast(r.condition as jsonb), r.effect, '2020-01-01 00:00:00 UTC', 'UTC', 'a test',
                       'Wait.', 'Attendez.', 'Ждите.', p.version
                  from published p,
                       (values ('test/confirm', ?::text, 'REQUIRE',
                                '{"max": 1000, "requires": "CONFIRMATION"}'),
                               ('test/look', ?::text, 'HOLD', '{"max": 10000}'),
                               ('test/hold', ?::text, 'HOLD', '{"max": 1000}'))
                         as r (id, country, effect, condition)
                """,
                REVIEWING,
                CONFIRMING,
                CONFIRMING,
                REVIEWING);
    }
}
