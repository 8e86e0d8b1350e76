package kvit.operate;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** The table operator. */
@ApplicationScoped
class Operators implements PanacheRepositoryBase<Operator, UUID> {

    Optional<Operator> lockByEmail(String email) {
        return find("email", canonical(email))
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional();
    }

    Optional<Operator> lockByInvitation(byte[] digest) {
        return find("invitation", digest)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional();
    }

    /** Whoever may sign in, by e-mail. */
    @Transactional
    List<OperatorView> working() {
        return list("state = ?1", Sort.by("email"), Operator.State.ACTIVE).stream()
                .map(Operator::view)
                .toList();
    }

    String email(UUID id) {
        return findById(id).email;
    }

    /** People write it differently every time, and mail servers do not mind. */
    static String canonical(String email) {
        return email.strip().toLowerCase(Locale.ROOT);
    }
}
