package kvit.identity;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.Session;

/** The tables sign_in and phone_guard. */
@ApplicationScoped
class SignIns implements PanacheRepositoryBase<SignIn, UUID> {

    /** How many codes were sent to a country, and how many came back right. */
    record Conversion(long sends, long confirmed) {}

    private final Session session;

    SignIns(Session session) {
        this.session = session;
    }

    /** Whoever has it decides alone: parallel guesses are taken one after another. */
    Optional<SignIn> lock(UUID id) {
        return Optional.ofNullable(findById(id, LockModeType.PESSIMISTIC_WRITE));
    }

    boolean isCodeDue(String phone, Instant now) {
        return count("phone = ?1 and codeDue and expiresAt > ?2", phone, now) > 0;
    }

    Conversion conversion(String region, Instant since) {
        return session.createNativeQuery(
                        """
                        select coalesce(sum(sends), 0), count(confirmed_at)
                          from sign_in
                         where region = :region and created_at > :since
                        """,
                        Conversion.class)
                .setParameter("region", region)
                .setParameter("since", since)
                .getSingleResult();
    }

    /** How many consecutive numbers, this one among them, were signed in lately. */
    int numbersInARow(String phone, int atMost, Instant since) {
        var number = Long.parseLong(phone.substring(1));
        var near =
                session.createNativeQuery(
                                """
                                select distinct phone
                                  from sign_in
                                 where phone between :first and :last
                                   and length(phone) = length(:phone)
                                   and created_at > :since
                                """,
                                String.class)
                        .setParameter("first", "+" + (number - atMost))
                        .setParameter("last", "+" + (number + atMost))
                        .setParameter("phone", phone)
                        .setParameter("since", since)
                        .getResultList();
        var first = number;
        while (near.contains("+" + (first - 1))) {
            first--;
        }
        var last = number;
        while (near.contains("+" + (last + 1))) {
            last++;
        }
        return (int) (last - first + 1);
    }

    /**
     * Locks the phone's failures too: of parallel guesses over several codes each sees the last.
     */
    Optional<Instant> lockedUntil(String phone, Instant now) {
        return Optional.ofNullable(
                session.createNativeQuery(
                                """
                                insert into phone_guard as g (phone, failures, failed_at)
                                values (:phone, 0, :now)
                                on conflict (phone) do update set failures = g.failures
                                returning locked_until
                                """,
                                Instant.class)
                        .setParameter("phone", phone)
                        .setParameter("now", now)
                        .getSingleResult());
    }

    /**
     * One more failure; says the how manieth in a row. One of long ago is forgiven.
     *
     * @param pins how much of it is of a PIN: one, or none
     */
    int failed(String phone, int pins, Instant now, Instant forgivenBefore) {
        return session.createNativeQuery(
                        """
                        insert into phone_guard as g (phone, failures, pin_failures, failed_at)
                        values (:phone, 1, :pins, :now)
                        on conflict (phone) do update
                           set failures = case when g.failed_at < :forgiven then 1 else g.failures + 1 end,
                               pin_failures = :pins
                                   + case when g.failed_at < :forgiven then 0 else g.pin_failures end,
                               failed_at = excluded.failed_at
                        returning failures
                        """,
                        Integer.class)
                .setParameter("phone", phone)
                .setParameter("pins", pins)
                .setParameter("now", now)
                .setParameter("forgiven", forgivenBefore)
                .getSingleResult();
    }

    void lockPhone(String phone, Instant until) {
        session.createNativeMutationQuery(
                        "update phone_guard set locked_until = :until where phone = :phone")
                .setParameter("until", until)
                .setParameter("phone", phone)
                .executeUpdate();
    }

    /** What is left are failures of PINs. */
    void clearFailuresOfCodes(String phone) {
        change("delete from phone_guard where phone = :phone and pin_failures = 0", phone);
        change(
                "update phone_guard set failures = least(failures, pin_failures) where phone = :phone",
                phone);
    }

    /**
     * What is left are failures of codes. The lock goes too: the try that turned out right was
     * counted first, and nobody else's counts while there is a lock.
     */
    void clearFailuresOfPins(String phone) {
        change("delete from phone_guard where phone = :phone and failures <= pin_failures", phone);
        change(
                """
                update phone_guard
                   set failures = failures - pin_failures, pin_failures = 0, locked_until = null
                 where phone = :phone
                """,
                phone);
    }

    private void change(String sql, String phone) {
        session.createNativeMutationQuery(sql).setParameter("phone", phone).executeUpdate();
    }

    int purge(Instant before, int atMost) {
        return session.createNativeMutationQuery(
                        """
                        delete from sign_in
                         where id in (select id from sign_in where created_at < :before limit :atMost)
                        """)
                .setParameter("before", before)
                .setParameter("atMost", atMost)
                .executeUpdate();
    }
}
