package kvit.closing;

/**
 * The parts of what somebody takes away, in their order: a query each, whose columns become members
 * by their names. Whose it is stands in {@code me}. What of it is others' is what the person could
 * see anyway.
 *
 * <p>A table with people in it that is in none of these fails a test.
 */
enum Part {
    PROFILE(
            "profile",
            """
            select c.id, c.phone, c.display_name, c.handle, c.country, c.birth_date, c.locale,
                   lower(c.visibility) as visibility, lower(c.state) as state, lower(c.tier) as tier,
                   c.created_at, c.frozen_at, p.set_at as pin_set_at, p.payouts_held_until
              from customer c
              left join pin p on p.customer = c.id
             where c.id = (select id from me)
            """),
    SESSIONS(
            "sessions",
            """
            select id, device, client, created_at, last_used_at, revoked_at
              from session where customer = (select id from me) order by created_at, id
            """),
    SIGN_INS(
            "signIns",
            """
            select s.id, s.client, s.address, s.locale, s.created_at, s.confirmed_at
              from sign_in s
             where s.phone = (select c.phone from customer c where c.id = (select id from me))
             order by s.created_at, s.id
            """),
    WRONG_TRIES(
            "wrongTries",
            """
            select g.failures as sign_in_codes, g.confirmation_failures as confirmation_codes,
                   g.pin_failures as pins, g.card_failures as card_digits, g.locked_until,
                   g.own_locked_until
              from phone_guard g
             where g.phone = (select c.phone from customer c where c.id = (select id from me))
            """),
    CONFIRMATIONS(
            "confirmations",
            """
            select id, amount, payee, card_last4, created_at, expires_at, confirmed_at
              from confirmation where customer = (select id from me) order by created_at, id
            """),
    CARDS(
            "cards",
            """
            select id, lower(state) as state, lower(brand) as brand, last4, expiry,
                   lower(funding) as funding, created_at, activated_at, ended_at, end_reason
              from card where customer = (select id from me) order by id
            """),
    CARD_ENROLMENTS(
            "cardEnrolments",
            """
            select key, card, created_at, answer_status
              from card_enrolment where customer = (select id from me) order by created_at, key
            """),
    BALANCES(
            "balances",
            """
            select jsonb_build_object('minor', balance, 'currency', currency) as balance,
                   jsonb_build_object('minor', held, 'currency', currency) as held, opened_at
              from account where owner = (select id from me) order by currency
            """),
    ENTRIES(
            "entries",
            """
            select e.sequence, e.posting, p.kind,
                   jsonb_build_object('minor', e.minor, 'currency', a.currency) as amount,
                   jsonb_build_object('minor', e.balance_after, 'currency', a.currency) as balance_after,
                   e.at
              from account a
              join entry e on e.account = a.id
              left join posting p on p.id = e.posting
             where a.owner = (select id from me)
             order by e.account, e.sequence
            """),
    HOLDS(
            "holds",
            """
            select h.id, jsonb_build_object('minor', h.minor, 'currency', a.currency) as amount,
                   lower(h.state) as state, h.created_at, h.expires_at, h.settled_at
              from account a
              join hold h on h.account = a.id
             where a.owner = (select id from me)
             order by h.account, h.id
            """),
    TRANSFERS(
            "transfers",
            """
            select t.id, t.direction, lower(t.state) as state,
                   case when o.id is not null then jsonb_build_object(
                       'id', o.id, 'displayName', o.display_name, 'handle', o.handle) end as counterparty,
                   jsonb_build_object('minor', t.minor, 'currency', t.currency) as amount, t.note,
                   lower(t.visibility) as visibility, t.reference, t.conversation, t.decline_code,
                   jsonb_build_object('minor', t.refunded, 'currency', t.currency) as refunded,
                   t.refund_of, t.request, t.share, t.created_at, t.completed_at, t.expires_at,
                   t.card, t.key
              from (select s.*, 'sent' as direction, s.payee as other,
                           s.funding ->> 'card' as card
                      from transfer s where s.payer = (select id from me)
                    union all
                    select r.*, 'received', r.payer, null
                      from transfer r
                     where r.payee = (select id from me) and r.completed_at is not null) t
              left join customer o on o.id = t.other
             order by t.id
            """),
    CANCELLATIONS(
            "cancellations",
            """
            select transfer, key, created_at, answer_status
              from cancellation where payer = (select id from me) order by created_at, key
            """),
    TOP_UPS(
            "topUps",
            """
            select id, card, jsonb_build_object('minor', minor, 'currency', currency) as amount,
                   lower(state) as state, decline_code, transfer, key, created_at, completed_at
              from top_up where customer = (select id from me) order by id
            """),
    CHARGE_RETURNS(
            "chargeReturns",
            """
            select id, refund, lower(state) as state, created_at, ended_at
              from charge_return where customer = (select id from me) order by id
            """),
    PAYOUTS(
            "payouts",
            """
            select id, card, jsonb_build_object('minor', minor, 'currency', currency) as amount,
                   jsonb_build_object('minor', fee, 'currency', currency) as fee,
                   lower(asked_speed) as asked_speed, lower(speed) as speed, lower(state) as state,
                   decline_code, key, created_at, hand_over_at, estimated_at, paid_at, back_at
              from payout where customer = (select id from me) order by id
            """),
    PAYOUT_CANCELLATIONS(
            "payoutCancellations",
            """
            select payout, key, created_at, answer_status
              from payout_cancellation where customer = (select id from me) order by created_at, key
            """),
    DISPUTES(
            "disputes",
            """
            select d.id, d.card, d.top_up,
                   jsonb_build_object('minor', d.minor, 'currency', d.currency) as amount,
                   jsonb_build_object('minor', d.held, 'currency', d.currency) as held,
                   d.reason, lower(d.state) as state, d.at, d.received_at, d.deadline, d.lost_at, d.won_at,
                   c.at as credited_at, r.at as credit_returned_at
              from dispute d
              left join dispute_credit c on c.dispute = d.id
              left join dispute_credit_return r on r.dispute = d.id
             where d.customer = (select id from me) order by d.id
            """),
    CLAIMS(
            "claims",
            """
            select l.id, l.transfer,
                   jsonb_build_object('minor', l.minor, 'currency', l.currency) as amount,
                   lower(l.kind) as kind, l.statement, lower(l.state) as state, l.legal_reference,
                   l.opened_at, l.deadline, l.last_at, l.ended_at, c.at as credited_at,
                   r.at as credit_returned_at
              from claim l
              left join claim_credit c on c.claim = l.id
              left join claim_credit_return r on r.claim = l.id
             where l.customer = (select id from me) order by l.id
            """),
    REQUESTS(
            "requests",
            """
            select q.id, jsonb_build_object('minor', q.minor, 'currency', q.currency) as amount,
                   lower(q.split) as split, q.note, q.conversation, lower(q.state) as state, q.created_at,
                   q.ended_at,
                   (select jsonb_agg(jsonb_build_object(
                               'id', s.id, 'payer', s.payer, 'minor', s.minor, 'state', lower(s.state))
                               order by s.position)
                      from request_share s where s.request = q.id) as shares
              from request q where q.asker = (select id from me) order by q.id
            """),
    ASKED_SHARES(
            "askedShares",
            """
            select s.id, s.request,
                   jsonb_build_object(
                       'id', o.id, 'displayName', o.display_name, 'handle', o.handle) as asker,
                   jsonb_build_object('minor', s.minor, 'currency', q.currency) as amount, q.note,
                   q.conversation, lower(s.state) as state, s.transfer, q.created_at, s.reminded_at,
                   s.ended_at
              from request_share s
              join request q on q.id = s.request
              join customer o on o.id = q.asker
             where s.payer = (select id from me) and s.state <> 'OWN'
             order by s.request, s.id
            """),
    KEYS(
            "keys",
            """
            select key, id as stands_for, null as created_at
              from used_key where customer = (select id from me)
            union all
            select key, request, created_at from request_key where customer = (select id from me)
             order by key
            """),
    FRIENDS(
            "friends",
            """
            select case when f.asker = (select id from me) then f.asked else f.asker end as person,
                   case when f.state = 'FRIENDS' then 'friends'
                        when f.asker = (select id from me) then 'asked' else 'asks' end as standing,
                   f.since
              from friendship f
             where (f.asker = (select id from me) and f.state <> 'WITHDRAWN')
                or (f.asked = (select id from me) and f.state in ('ASKED', 'FRIENDS'))
             order by f.id
            """),
    BLOCKS(
            "blocks",
            """
            select blocked, since from block where blocker = (select id from me) order by id
            """),
    NOTICES(
            "notices",
            """
            select id, type, at, data::jsonb as data
              from notice where customer = (select id from me) order by number
            """),
    LIMITS(
            "limits",
            """
            select lower(operation) as operation,
                   jsonb_build_object('minor', minor, 'currency', currency) as moved, moves, moved_at
              from limit_counter where customer = (select id from me) order by currency, operation
            """),
    LIMIT_USAGE(
            "limitUsage",
            """
            select lower(operation) as operation, moves,
                   jsonb_build_object('minor', minor, 'currency', currency) as moved, at, cause
              from limit_usage
             where customer = (select id from me) order by currency, operation, moves
            """),
    LIMIT_OVERRIDES(
            "limitOverrides",
            """
            select rule, lower(operation) as operation, currency, max, count, since, until
              from limit_override where customer = (select id from me) order by id
            """),
    CLOSINGS(
            "closings",
            """
            select id, lower(state) as state, asked_at, closes_after, withdrawn_at
              from closing where customer = (select id from me) order by id
            """),
    EXPORTS(
            "exports",
            """
            select id, session, client, at
              from personal_export where customer = (select id from me) order by id
            """);

    private final String member;
    private final String rows;

    Part(String member, String rows) {
        this.member = member;
        this.rows = rows;
    }

    String member() {
        return member;
    }

    /** With one place, for whose it is. */
    String sql() {
        return "with me as materialized (select cast(? as uuid) as id) " + rows;
    }
}
