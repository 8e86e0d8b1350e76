package kvit.card;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import kvit.database.Database;
import kvit.idempotency.Answer;
import org.jspecify.annotations.Nullable;

/** The table card_enrolment: which request stood for which card, and what it was told. */
@ApplicationScoped
class EnrolmentStore {

    /**
     * @param card null where it was refused at once
     * @param answer as it is given from now on; null while there is none
     */
    record Stored(@Nullable UUID card, @Nullable Answer answer) {}

    private final Database database;

    EnrolmentStore(Database database) {
        this.database = database;
    }

    Optional<Stored> find(UUID customer, String key) {
        return database.find(
                """
                select card, answer_status, answer
                  from card_enrolment
                 where customer = ? and key = ?
                """,
                in -> in.uuid(customer).text(key),
                row ->
                        new Stored(
                                row.getObject(1, UUID.class),
                                row.getString(3) == null
                                        ? null
                                        : new Answer(row.getInt(2), row.getString(3), true)));
    }

    /** The first answer to this request; empty while there is none. */
    Optional<Answer> answer(EnrolCard.Attempt attempt) {
        return find(attempt.customer(), attempt.key().value()).map(Stored::answer);
    }

    /** Says whether it was new: a key that somebody else has just taken is not. */
    boolean insert(
            EnrolCard.Attempt attempt,
            @Nullable UUID card,
            @Nullable Instant askedUntil,
            @Nullable Answer answer,
            Instant now) {
        return database.update(
                        """
                        insert into card_enrolment (customer, key, card, created_at, asked_until,
                                                    answer_status, answer)
                        values (?, ?, ?, ?, ?, ?, ?)
                        on conflict (customer, key) do nothing
                        """,
                        in ->
                                in.uuid(attempt.customer())
                                        .text(attempt.key().value())
                                        .uuid(card)
                                        .time(now)
                                        .time(askedUntil)
                                        .number(answer == null ? null : (long) answer.status())
                                        .text(answer == null ? null : answer.body()))
                == 1;
    }

    /**
     * Lets one of those who repeat a request ask the processor.
     *
     * @param until its own mark, too: whoever does not know whether it was set finds it again
     * @return false while another one is at it
     */
    boolean ask(EnrolCard.Attempt attempt, Instant now, Instant until) {
        return database.update(
                        """
                        update card_enrolment set asked_until = ?
                         where customer = ? and key = ? and answer is null
                           and (asked_until is null or asked_until <= ? or asked_until = ?)
                        """,
                        in ->
                                in.time(until)
                                        .uuid(attempt.customer())
                                        .text(attempt.key().value())
                                        .time(now)
                                        .time(until))
                == 1;
    }

    /** Whoever asked has heard nothing, so that the next one may. */
    void askedInVain(EnrolCard.Attempt attempt, Instant until) {
        database.update(
                """
                update card_enrolment set asked_until = null
                 where customer = ? and key = ? and asked_until = ?
                """,
                in -> in.uuid(attempt.customer()).text(attempt.key().value()).time(until));
    }

    /** Whether somebody is asking the processor about the card at this moment. */
    boolean isAsked(UUID customer, UUID card, Instant now) {
        return database.find(
                        """
                        select 1 from card_enrolment where customer = ? and card = ? and asked_until > ?
                        """,
                        in -> in.uuid(customer).uuid(card).time(now),
                        row -> true)
                .isPresent();
    }

    /** Until the end of the transaction nobody else gets past this for the same customer. */
    void oneAfterAnother(UUID customer) {
        database.update(
                """
                insert into card_applicant (customer) values (?)
                on conflict (customer) do update set customer = excluded.customer
                """,
                in -> in.uuid(customer));
    }

    /** When the last request was made, or of some more the last but for so many. */
    Optional<Instant> lastButFor(UUID customer, int others) {
        return database.find(
                """
                select created_at from card_enrolment
                 where customer = ?
                 order by created_at desc
                offset ?
                 limit 1
                """,
                in -> in.uuid(customer).number(others),
                row -> row.getTimestamp(1).toInstant());
    }

    void answered(EnrolCard.Attempt attempt, Answer answer) {
        database.update(
                """
                update card_enrolment set answer_status = ?, answer = ?, asked_until = null
                 where customer = ? and key = ?
                """,
                in ->
                        in.number(answer.status())
                                .text(answer.body())
                                .uuid(attempt.customer())
                                .text(attempt.key().value()));
    }
}
