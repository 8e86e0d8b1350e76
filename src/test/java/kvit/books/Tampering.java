package kvit.books;

import static kvit.books.SmallBooks.rows;
import static kvit.books.SmallBooks.run;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Random;
import java.util.UUID;
import kvit.database.Statements;

/** What somebody may do to the books for whom neither grants nor triggers are in the way. */
enum Tampering {
    A_CENT_IN_ONE_ENTRY {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            var entry = entry(c);
            run(c, "update entry set minor = minor + 1 where account = ? and sequence = ?", entry);
        }
    },
    MORE_BETWEEN_TWO_WITH_ALL_BALANCES {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            more(c, posting(c), 1 + random.nextInt(500));
        }
    },
    ENTRIES_SWAPPED {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            var entry =
                    one(
                            c,
                            """
                            select account, sequence
                              from entry e
                             where exists (select from entry n
                                            where n.account = e.account
                                              and n.sequence = e.sequence + 1)
                             order by random() limit 1
                            """);
            run(
                    c,
                    """
                    update entry e
                       set posting = (select o.posting
                                        from entry o
                                       where o.account = e.account
                                         and o.sequence in (?::bigint, ?::bigint + 1)
                                         and o.sequence <> e.sequence)
                     where account = ? and sequence in (?::bigint, ?::bigint + 1)
                    """,
                    entry[1],
                    entry[1],
                    entry[0],
                    entry[1],
                    entry[1]);
        }
    },
    POSTING_TAKEN_OUT_WITHOUT_A_TRACE {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            takeOut(c, posting(c));
            recount(c);
        }
    },
    POSTING_GONE_AND_ENTRIES_LEFT {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            run(c, "delete from posting where id = ?", posting(c));
        }
    },
    ENTRY_GONE {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            run(c, "delete from entry where account = ? and sequence = ?", entry(c));
        }
    },
    EFFECTIVE_AT_MOVED {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            var by = random.nextBoolean() ? "1 day" : "1 microsecond";
            run(
                    c,
                    "update posting set effective_at = effective_at - interval '"
                            + by
                            + "' where id = ?",
                    posting(c));
        }
    },
    CREATED_AT_MOVED {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            run(
                    c,
                    "update posting set created_at = created_at + interval '1 second' where id = ?",
                    posting(c));
        }
    },
    ENTRY_AT_MOVED {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            run(
                    c,
                    "update entry set at = at + interval '1 microsecond'"
                            + " where account = ? and sequence = ?",
                    entry(c));
        }
    },
    KIND_CHANGED {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            run(c, "update posting set kind = kind || 's' where id = ?", posting(c));
        }
    },
    SAID_TO_BE_A_REVERSAL {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            run(
                    c,
                    "update posting set reverses = ? where id = ?",
                    new UUID(random.nextLong(), random.nextLong()),
                    posting(c));
        }
    },
    COMMIT_ORDER_CHANGED {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            run(c, "update posting set transaction = '7' where id = ?", posting(c));
        }
    },
    POSTING_PLANTED_IN_THE_PAST {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            var posting = new UUID(random.nextLong(), random.nextLong());
            run(
                    c,
                    """
                    insert into posting (id, kind, effective_at, created_at, transaction)
                    select ?, kind, effective_at, created_at, transaction from posting where id = ?
                    """,
                    posting,
                    posting(c));
            var pair = pair(c);
            append(c, (UUID) pair[0], posting, -1_000_00);
            append(c, (UUID) pair[1], posting, 1_000_00);
            recount(c);
        }
    },
    BALANCE_CHANGED {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            run(c, "update account set balance = balance + 1 where id = ?", account(c));
        }
    },
    SEQUENCE_CHANGED {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            run(c, "update account set sequence = sequence + 1 where id = ?", account(c));
        }
    },
    MORE_HELD {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            run(c, "update account set held = held + 1 where id = ?", account(c));
        }
    },
    HOLD_CHANGED {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            run(c, "update hold set minor = minor + 1");
        }
    },
    WALLET_GIVEN_TO_ANOTHER {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            run(
                    c,
                    "update account set owner = ? where id = ?",
                    new UUID(random.nextLong(), random.nextLong()),
                    account(c));
        }
    },
    CURRENCY_OF_AN_ACCOUNT_CHANGED {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            run(c, "update account set currency = 'GBP' where id = ?", account(c));
        }
    },
    LAST_SEAL_GONE {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            run(c, "delete from seal_signature");
            run(c, "delete from seal where number = (select max(number) from seal)");
        }
    },
    SEAL_IN_THE_MIDDLE_GONE {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            run(c, "delete from seal where number = ?", seal(c));
        }
    },
    SEALS_IN_ANOTHER_ORDER {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            var number = seal(c);
            run(c, "alter table seal drop constraint seal_digest");
            run(c, "update seal set number = 1000000 where number = ?", number);
            run(c, "update seal set number = number - 1 where number = ?::bigint + 1", number);
            run(c, "update seal set number = ?::bigint + 1 where number = 1000000", number);
        }
    },
    SEAL_MADE_TO_FIT {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            run(
                    c,
                    """
                    update seal
                       set content = set_byte(content, 20, (get_byte(content, 20) + 1) % 256),
                           digest = sha256(convert_to('kvit-seal-1 ' || number || E'\\n', 'UTF8')
                                    || previous
                                    || set_byte(content, 20, (get_byte(content, 20) + 1) % 256))
                     where number = ?
                    """,
                    seal(c));
        }
    },
    SEAL_COUNTS_OTHER_ENTRIES {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            run(c, "update seal set entries = entries + 1 where number = ?", seal(c));
        }
    },
    SIGNATURE_CHANGED {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            run(c, "update seal_signature set signed_at = signed_at + interval '1 second'");
        }
    },
    SIGNATURE_OF_ANOTHER_HEAD {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            var seal = one(c, "select number, digest from seal order by number limit 1");
            run(c, "update seal_signature set number = ?, digest = ?", seal);
        }
    },
    SIGNATURE_TAKEN_OUT {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            run(
                    c,
                    """
                    delete from seal_signature
                     where day = (select day from seal_signature
                                   where day < (select max(day) from seal_signature)
                                   order by random() limit 1)
                    """);
        }
    },
    FLOOR_TAKEN_AWAY {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            run(c, "alter table account drop constraint account_kind_floor");
            run(c, "update account set floor = null where id = ?", account(c));
        }
    },
    PLANTED_WHERE_NO_SEAL_EVER_COMES {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            plant(c, random, "9000000000000000000");
        }
    },
    /** As if somebody held up the one who seals. */
    KEPT_FROM_BEING_SEALED {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            var last = one(c, "select max(transaction::text::bigint) + 1 from posting")[0];
            plant(c, random, last.toString());
        }
    },
    TOTALS_OF_A_DAY_CHANGED {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            run(
                    c,
                    """
                    update book_day set credit = credit + 1
                     where ctid = (select ctid from book_day order by random() limit 1)
                    """);
        }
    },
    TOTALS_OF_A_DAY_GONE {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            run(
                    c,
                    """
                    delete from book_day
                     where ctid = (select ctid from book_day order by random() limit 1)
                    """);
        }
    },
    CLOSING_CHANGED {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            run(
                    c,
                    """
                    update period_closing
                       set totals = totals || ' ',
                           digest = sha256(convert_to(totals || ' ', 'UTF8'))
                     where id = (select id from period_closing order by random() limit 1)
                    """);
        }
    },
    CHAIN_MADE_ANEW_AND_SIGNED_BY_ANOTHER_KEY {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            more(c, posting(c), 1 + random.nextInt(500));
            makeAnew(c);
            var statements = new Statements(c);
            var head = new SealStore(statements).last().orElseThrow().head();
            new SignatureStore(statements).insert(byAnotherKey(head));
        }
    },
    LAST_CLOSING_GONE {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            run(c, "delete from period_closing where day = (select max(day) from period_closing)");
        }
    },
    CLOSED_DAY_OPENED_SILENTLY {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            run(c, "update period set closed_before = closed_before - interval '1 day'");
        }
    },

    /** The two that only whoever has kept a head elsewhere can tell from the truth. */
    END_CUT_OFF_WITHOUT_A_TRACE(true) {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            run(c, "delete from seal_signature");
            var seals = 1 + random.nextInt(3);
            for (var i = 0; i < seals; i++) {
                cutLast(c);
            }
            recount(c);
            forgetClosings(c);
        }
    },
    PAST_CHANGED_AND_CHAIN_MADE_ANEW(true) {
        @Override
        void bend(Connection c, Random random) throws SQLException {
            more(c, posting(c), 1 + random.nextInt(500));
            makeAnew(c);
        }
    };

    /** Whether nothing in the database says that it was ever different. */
    final boolean leavesNoTrace;

    Tampering() {
        this(false);
    }

    Tampering(boolean leavesNoTrace) {
        this.leavesNoTrace = leavesNoTrace;
    }

    abstract void bend(Connection c, Random random) throws SQLException;

    private static Object[] one(Connection c, String sql, Object... values) throws SQLException {
        return rows(c, sql, values).get(0);
    }

    private static Object[] entry(Connection c) throws SQLException {
        return one(c, "select account, sequence from entry order by random() limit 1");
    }

    private static UUID posting(Connection c) throws SQLException {
        return (UUID) one(c, "select id from posting order by random() limit 1")[0];
    }

    private static UUID account(Connection c) throws SQLException {
        return (UUID)
                one(c, "select id from account where kind = 'WALLET' order by random() limit 1")[0];
    }

    /** Neither the first nor the last. */
    private static Object seal(Connection c) throws SQLException {
        return one(
                c,
                """
                select number from seal
                 where number between 2 and (select max(number) - 2 from seal)
                 order by random() limit 1
                """)[
                0];
    }

    /** So that everything still adds up. */
    private static void more(Connection c, UUID posting, long by) throws SQLException {
        var lines =
                rows(
                        c,
                        "select account, sequence from entry where posting = ? order by minor",
                        posting);
        change(c, lines.get(0), -by);
        change(c, lines.get(lines.size() - 1), by);
    }

    private static void change(Connection c, Object[] entry, long by) throws SQLException {
        run(
                c,
                "update entry set minor = minor + ? where account = ? and sequence = ?",
                by,
                entry[0],
                entry[1]);
        run(
                c,
                """
                update entry set balance_after = balance_after + ?
                 where account = ? and sequence >= ?
                """,
                by,
                entry[0],
                entry[1]);
        run(c, "update account set balance = balance + ? where id = ?", by, entry[0]);
    }

    private static void takeOut(Connection c, UUID posting) throws SQLException {
        for (var entry :
                rows(c, "select account, sequence, minor from entry where posting = ?", posting)) {
            run(c, "delete from entry where account = ? and sequence = ?", entry[0], entry[1]);
            run(
                    c,
                    """
                    update entry set sequence = sequence + 1000000, balance_after = balance_after - ?
                     where account = ? and sequence > ?
                    """,
                    entry[2],
                    entry[0],
                    entry[1]);
            run(
                    c,
                    """
                    update entry set sequence = sequence - 1000001
                     where account = ? and sequence > 1000000
                    """,
                    entry[0]);
            run(
                    c,
                    "update account set balance = balance - ?, sequence = sequence - 1 where id ="
                            + " ?",
                    entry[2],
                    entry[0]);
        }
        run(c, "delete from posting where id = ?", posting);
    }

    private static void append(Connection c, UUID account, UUID posting, long minor)
            throws SQLException {
        run(
                c,
                """
                insert into entry (account, sequence, posting, minor, balance_after, at)
                select id, sequence + 1, ?, ?, balance + ?, moved_at from account where id = ?
                """,
                posting,
                minor,
                minor,
                account);
        run(
                c,
                "update account set sequence = sequence + 1, balance = balance + ? where id = ?",
                minor,
                account);
    }

    private static void cutLast(Connection c) throws SQLException {
        for (var posting :
                rows(
                        c,
                        """
                        select p.id
                          from posting p
                         where (p.transaction, p.id) >
                               (select after_transaction, after_posting
                                  from seal order by number desc limit 1)
                         order by p.transaction desc, p.id desc
                        """)) {
            takeOut(c, (UUID) posting[0]);
        }
        run(c, "delete from seal where number = (select max(number) from seal)");
    }

    /** Totals as they would be had nothing else ever been there. */
    private static void recount(Connection c) throws SQLException {
        run(c, "delete from book_day");
        run(
                c,
                """
                insert into book_day (booked_on, recorded_on, kind, currency, debit, credit, entries)
                select cast(p.effective_at at time zone 'UTC' as date),
                       cast(p.created_at at time zone 'UTC' as date), a.kind, a.currency,
                       sum(greatest(-e.minor, 0)), sum(greatest(e.minor, 0)), count(*)
                  from posting p
                  join entry e on e.posting = p.id
                  join account a on a.id = e.account
                 group by 1, 2, 3, 4
                """);
    }

    private static void makeAnew(Connection c) throws SQLException {
        run(c, "delete from seal_signature");
        run(c, "delete from seal");
        run(c, "delete from book_day");
        var sealing = new Sealing(new Statements(c), 12);
        while (sealing.next(Instant.EPOCH).isPresent()) {
            Thread.onSpinWait();
        }
        forgetClosings(c);
    }

    /** Right in all respects but whose it is. */
    private static SignedHead byAnotherKey(Head head) {
        try {
            var pair = KeyPairGenerator.getInstance(SignedHead.ALGORITHM).generateKeyPair();
            var day = LocalDate.parse("2020-02-09");
            var signature = Signature.getInstance(SignedHead.ALGORITHM);
            signature.initSign(pair.getPrivate());
            signature.update(
                    SignedHead.words(day, head, SmallBooks.BEGIN, null)
                            .getBytes(StandardCharsets.UTF_8));
            return new SignedHead(
                    day,
                    head,
                    SmallBooks.BEGIN,
                    null,
                    pair.getPublic().getEncoded(),
                    signature.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** A posting that adds up, behind all others and after all closings. */
    private static void plant(Connection c, Random random, String transaction) throws SQLException {
        var posting = new UUID(random.nextLong(), random.nextLong());
        run(
                c,
                """
                insert into posting (id, kind, effective_at, created_at, transaction)
                values (?, 'transfer', '2020-02-15T00:00:00Z', '2020-02-15T00:00:00Z',
                        cast(cast(? as text) as xid8))
                """,
                posting,
                transaction);
        var pair = pair(c);
        append(c, (UUID) pair[0], posting, -1_000_00);
        append(c, (UUID) pair[1], posting, 1_000_00);
    }

    /** Where money comes from, and a wallet of the same currency. */
    private static Object[] pair(Connection c) throws SQLException {
        return one(
                c,
                """
                select a.id, b.id
                  from account a
                  join account b on b.currency = a.currency and b.id <> a.id
                 where a.kind = 'WORLD'
                 order by random() limit 1
                """);
    }

    private static void forgetClosings(Connection c) throws SQLException {
        run(c, "delete from period_closing");
        run(c, "update period set closed_before = null");
    }
}
