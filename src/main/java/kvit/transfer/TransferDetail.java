package kvit.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import kvit.ledger.HoldView;
import kvit.ledger.PostingView;
import kvit.topup.ChargeFiles;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A transfer with all that it has done.
 *
 * @param postings its own, those of its refunds, and that of the charge
 * @param holds what was held for it while it waited
 * @param charge what a card was charged for it; null where the wallet has paid
 * @param refunds what was given back of it, a reversal included
 * @param ruleSet the version of the rules that decided; null where they were not asked
 * @param ruling what they looked at and said, as it was kept
 * @param review who has looked at it; null where nobody has
 * @param reversal whose doing it was that it was taken back; null where it was not
 */
record TransferDetail(
        TransferView transfer,
        List<PostingView> postings,
        List<HoldView> holds,
        ChargeFiles.@Nullable ChargeLine charge,
        List<TransferView> refunds,
        @Nullable Long ruleSet,
        @Schema(implementation = Object.class) @Nullable JsonNode ruling,
        TransferSearch.@Nullable Reviewed review,
        ReversalStore.@Nullable Reversal reversal) {}
