package kvit.identity;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import kvit.identity.Phones.Phone;
import org.hibernate.Session;

/** The table customer. */
@ApplicationScoped
class Customers implements PanacheRepositoryBase<Customer, UUID> {

    private final Session session;

    Customers(Session session) {
        this.session = session;
    }

    /**
     * Two first sign-ins of one phone at the same time are one person: the second finds the first.
     */
    boolean insertIfNew(UUID id, Phone phone, String locale, Instant now) {
        return session.createNativeMutationQuery(
                                """
                                insert into customer
                                    (id, phone, country, locale, visibility, state, tier, created_at)
                                values (:id, :phone, :country, :locale, 'PRIVATE', 'ACTIVE', 'PHONE', :now)
                                on conflict (phone) do nothing
                                """)
                        .setParameter("id", id)
                        .setParameter("phone", phone.e164())
                        .setParameter("country", phone.region())
                        .setParameter("locale", locale)
                        .setParameter("now", now)
                        .executeUpdate()
                == 1;
    }

    Optional<Customer> byPhone(String phone) {
        return find("phone", phone).firstResultOptional();
    }

    /** The same, and whoever closes their account meanwhile waits, or has done so. */
    Optional<Customer> keepByPhone(String phone) {
        return find("phone", phone).withLock(LockModeType.PESSIMISTIC_READ).firstResultOptional();
    }

    Optional<Customer> byHandle(String handle) {
        return find("handle", handle).firstResultOptional();
    }
}
