package kvit.cases;

import java.util.List;
import kvit.card.CardFiles;
import kvit.claim.ClaimFiles;
import kvit.dispute.DisputeFiles;
import kvit.identity.CustomerFile;
import kvit.ledger.Balance;
import kvit.ledger.HoldView;
import kvit.payout.PayoutFiles;
import kvit.rules.LimitFiles;

/**
 * All of a customer in one place, as of about one moment: each part is read for itself.
 *
 * @param holds what is promised of their wallets; one that pays for a transfer has its id
 * @param limits those that everything of theirs is held against, in each currency that they have a
 *     wallet in
 */
record CustomerDetail(
        CustomerFile customer,
        List<Balance> balances,
        List<HoldView> holds,
        List<CardFiles.CardLine> cards,
        List<PayoutFiles.PayoutLine> openPayouts,
        List<DisputeFiles.DisputeLine> openDisputes,
        List<ClaimFiles.ClaimLine> openClaims,
        List<LimitFiles.LimitLine> limits) {}
