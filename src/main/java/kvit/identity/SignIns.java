package kvit.identity;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.Session;

/** The table sign_in. */
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
