package kvit.card;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import kvit.database.Database;
import kvit.money.Currency;
import kvit.money.Money;
import kvit.source.Clock;
import org.jspecify.annotations.Nullable;

/**
 * What the processor has told, each notice once. Whoever acts on them reads {@link #due}, has one
 * under {@link #lock}, does what there is to do and calls {@link #done} in the same transaction.
 */
@ApplicationScoped
class Notices {

    /** As columns; what a kind has no use for is null. */
    private record Row(
            String kind,
            @Nullable UUID operation,
            String name,
            @Nullable String dispute,
            @Nullable Money amount,
            @Nullable String code,
            @Nullable Instant evidenceDueBy) {

        private Row(String kind, UUID operation, String name, @Nullable String code) {
            this(kind, operation, name, null, null, code, null);
        }

        static Row of(Notice notice) {
            if (notice instanceof Notice.ChargeSettled it) {
                return new Row(
                        "CHARGE_SETTLED", it.operation(), it.name(), null, it.amount(), null, null);
            }
            if (notice instanceof Notice.ChargeFailed it) {
                return new Row("CHARGE_FAILED", it.operation(), it.name(), it.code());
            }
            if (notice instanceof Notice.Chargeback it) {
                return new Row(
                        "CHARGEBACK",
                        null,
                        it.name(),
                        it.dispute(),
                        it.amount(),
                        it.reason(),
                        it.evidenceDueBy());
            }
            if (notice instanceof Notice.ChargebackReversed it) {
                return new Row(
                        "CHARGEBACK_REVERSED",
                        null,
                        it.name(),
                        it.dispute(),
                        it.amount(),
                        null,
                        null);
            }
            if (notice instanceof Notice.RefundSettled it) {
                return new Row("REFUND_SETTLED", it.operation(), it.name(), null);
            }
            if (notice instanceof Notice.RefundFailed it) {
                return new Row("REFUND_FAILED", it.operation(), it.name(), it.code());
            }
            if (notice instanceof Notice.PayoutPaid it) {
                return new Row("PAYOUT_PAID", it.operation(), it.name(), null);
            }
            if (notice instanceof Notice.PayoutFailed it) {
                return new Row("PAYOUT_FAILED", it.operation(), it.name(), it.code());
            }
            throw new IllegalArgumentException("nothing to keep: " + notice);
        }
    }

    private final Database database;
    private final Clock clock;

    Notices(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Keeps it, and says whether it is new: neither this notice was there, nor another one that
     * says the same of the same dispute or refund. What is to be ignored is not kept.
     */
    boolean take(Notice.Delivery delivery) {
        if (delivery.notice() instanceof Notice.Ignored) {
            return false;
        }
        var row = Row.of(delivery.notice());
        var amount = row.amount();
        return database.update(
                        """
                        with taken as (
                            insert into processor_notice
                                (processor, id, kind, operation, name, dispute, minor, currency,
                                 code, at, received_at, evidence_due_by)
                            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                            on conflict do nothing
                            returning processor, id, received_at)
                        insert into processor_notice_waiting (processor, id, since, due_at)
                        select processor, id, received_at, received_at from taken
                        """,
                        in ->
                                in.text(delivery.processor())
                                        .text(delivery.id())
                                        .text(row.kind())
                                        .uuid(row.operation())
                                        .text(row.name())
                                        .text(row.dispute())
                                        .number(amount == null ? null : (Long) amount.minor())
                                        .text(amount == null ? null : amount.currency().name())
                                        .text(row.code())
                                        .time(delivery.at())
                                        .time(clock.instant())
                                        .time(row.evidenceDueBy()))
                == 1;
    }

    /** What nobody has acted on yet, in the order in which it came. */
    List<Notice.Delivery> waiting(int max) {
        return database.query(
                """
                select n.processor, n.id, n.kind, n.operation, n.name, n.minor, n.currency, n.code,
                       n.at, n.dispute, n.evidence_due_by
                  from processor_notice_waiting w
                  join processor_notice n on n.processor = w.processor and n.id = w.id
                 order by w.since, w.id
                 limit ?
                """,
                in -> in.number(max),
                Notices::read);
    }

    /** Those of them that somebody is to look at now, or once more. */
    List<Notice.Delivery> due(Instant now, int max) {
        return database.query(
                """
                select n.processor, n.id, n.kind, n.operation, n.name, n.minor, n.currency, n.code,
                       n.at, n.dispute, n.evidence_due_by
                  from processor_notice_waiting w
                  join processor_notice n on n.processor = w.processor and n.id = w.id
                 where w.due_at <= ?
                 order by w.due_at, w.id
                 limit ?
                """,
                in -> in.time(now).number(max),
                Notices::read);
    }

    /**
     * Since when it waits, for whoever has it under lock then; empty where another one is at it.
     */
    Optional<Instant> lock(Notice.Delivery delivery) {
        return database.find(
                """
                select since from processor_notice_waiting
                 where processor = ? and id = ?
                   for update skip locked
                """,
                in -> in.text(delivery.processor()).text(delivery.id()),
                row -> row.getTimestamp(1).toInstant());
    }

    /** It is to be looked at again then. */
    boolean later(Notice.Delivery delivery, Instant at) {
        return database.update(
                        """
                        update processor_notice_waiting set due_at = ?
                         where processor = ? and id = ?
                        """,
                        in -> in.time(at).text(delivery.processor()).text(delivery.id()))
                == 1;
    }

    /** It is about nothing of ours: kept, and not waiting any more. */
    boolean stray(Notice.Delivery delivery, Instant at) {
        database.update(
                "insert into processor_notice_stray (processor, id, at) values (?, ?, ?)",
                in -> in.text(delivery.processor()).text(delivery.id()).time(at));
        return done(delivery);
    }

    /** Whether it was for us to act on: of two replicas with the same notice one hears true. */
    boolean done(Notice.Delivery delivery) {
        return database.update(
                        "delete from processor_notice_waiting where processor = ? and id = ?",
                        in -> in.text(delivery.processor()).text(delivery.id()))
                == 1;
    }

    private static Notice.Delivery read(ResultSet row) throws SQLException {
        return new Notice.Delivery(
                row.getString(1), row.getString(2), row.getTimestamp(9).toInstant(), notice(row));
    }

    private static Notice notice(ResultSet row) throws SQLException {
        var operation = row.getObject(4, UUID.class);
        var name = row.getString(5);
        var code = row.getString(8);
        return switch (row.getString(3)) {
            case "CHARGE_SETTLED" -> new Notice.ChargeSettled(operation, name, amount(row));
            case "CHARGE_FAILED" -> new Notice.ChargeFailed(operation, name, code);
            case "CHARGEBACK" ->
                    new Notice.Chargeback(
                            name,
                            row.getString(10),
                            amount(row),
                            code,
                            row.getTimestamp(11) == null ? null : row.getTimestamp(11).toInstant());
            case "CHARGEBACK_REVERSED" ->
                    new Notice.ChargebackReversed(name, row.getString(10), amount(row));
            case "REFUND_SETTLED" -> new Notice.RefundSettled(operation, name);
            case "REFUND_FAILED" -> new Notice.RefundFailed(operation, name, code);
            case "PAYOUT_PAID" -> new Notice.PayoutPaid(operation, name);
            case "PAYOUT_FAILED" -> new Notice.PayoutFailed(operation, name, code);
            default -> throw new IllegalStateException("a kind of notice nobody knows");
        };
    }

    private static Money amount(ResultSet row) throws SQLException {
        return new Money(row.getLong(6), Currency.valueOf(row.getString(7)));
    }
}
