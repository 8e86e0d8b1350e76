package kvit.cases;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import kvit.card.CardFiles;
import kvit.claim.ClaimFiles;
import kvit.dispute.DisputeFiles;
import kvit.identity.CustomerFile;
import kvit.identity.CustomerFiles;
import kvit.identity.CustomerTier;
import kvit.ledger.Ledger;
import kvit.ledger.LookUp;
import kvit.operate.AuditTrail;
import kvit.payout.PayoutFiles;
import kvit.problem.Problem;
import kvit.rules.LimitFiles;
import kvit.rules.Party;
import kvit.rules.Tier;

/** Puts together what the capabilities know of a customer, and records that somebody has looked. */
@ApplicationScoped
class LookIntoCustomer {

    static final String ACTION = "customers.read";

    private final CustomerFiles customers;
    private final Ledger ledger;
    private final LookUp books;
    private final CardFiles cards;
    private final PayoutFiles payouts;
    private final DisputeFiles disputes;
    private final ClaimFiles claims;
    private final LimitFiles limits;
    private final AuditTrail audit;

    LookIntoCustomer(
            CustomerFiles customers,
            Ledger ledger,
            LookUp books,
            CardFiles cards,
            PayoutFiles payouts,
            DisputeFiles disputes,
            ClaimFiles claims,
            LimitFiles limits,
            AuditTrail audit) {
        this.customers = customers;
        this.ledger = ledger;
        this.books = books;
        this.cards = cards;
        this.payouts = payouts;
        this.disputes = disputes;
        this.claims = claims;
        this.limits = limits;
        this.audit = audit;
    }

    /**
     * @throws Problem CUSTOMER_NOT_FOUND
     */
    CustomerDetail look(UUID id) {
        return audit.recording(ACTION, id.toString(), "Looked into.", () -> detail(id));
    }

    private CustomerDetail detail(UUID id) {
        var customer = customers.require(id);
        var balances = ledger.balances(id);
        return new CustomerDetail(
                customer,
                balances,
                books.pendingHolds(id),
                cards.cards(id),
                payouts.openPayouts(id),
                disputes.openDisputes(id),
                claims.openClaims(id),
                limits.of(
                        party(customer),
                        balances.stream().map(it -> it.balance().currency()).toList()));
    }

    private static Party party(CustomerFile customer) {
        return new Party(
                customer.id(),
                customer.country(),
                customer.birthDate(),
                customer.tier() == CustomerTier.VERIFIED ? Tier.VERIFIED : Tier.PHONE,
                customer.locale());
    }
}
