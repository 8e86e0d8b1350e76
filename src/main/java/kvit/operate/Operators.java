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
import kvit.database.Database;

/** The table operator. */
@ApplicationScoped
class Operators implements PanacheRepositoryBase<Operator, UUID> {

    private final Database database;

    Operators(Database database) {
        this.database = database;
    }

    Optional<Operator> lock(UUID id) {
        return findByIdOptional(id, LockModeType.PESSIMISTIC_WRITE);
    }

    /** Of those whom we sign in. */
    Optional<Operator> lockByEmail(String email) {
        return find("email = ?1 and issuer is null", canonical(email))
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional();
    }

    /** By an invitation that is whole, or by one of its halves. */
    Optional<Operator> lockByInvitation(byte[] digest) {
        return find("invitation = ?1 or invitationSecond = ?1", digest)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional();
    }

    Optional<Operator> findBySubject(String issuer, String subject) {
        return find("issuer = ?1 and subject = ?2", issuer, subject).firstResultOptional();
    }

    Optional<Operator> lockBySubject(String issuer, String subject) {
        return find("issuer = ?1 and subject = ?2", issuer, subject)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional();
    }

    /**
     * All whom we sign in and who are at work with that role, by id: of two who take each other
     * away one comes second.
     */
    List<UUID> lockHolders(String role) {
        return database.query(
                """
                select id from operator
                 where issuer is null and state = 'ACTIVE' and ? = any (roles)
                 order by id
                   for update
                """,
                in -> in.text(role),
                row -> row.getObject(1, UUID.class));
    }

    /** Everybody, by e-mail; also who is not in yet, or not any more. */
    @Transactional
    List<OperatorView> everybody() {
        return listAll(Sort.by("email").and("id")).stream().map(Operator::view).toList();
    }

    @Transactional
    OperatorView view(UUID id) {
        return findById(id).view();
    }

    String email(UUID id) {
        return findById(id).email;
    }

    /** People write it differently every time, and mail servers do not mind. */
    static String canonical(String email) {
        return email.strip().toLowerCase(Locale.ROOT);
    }
}
