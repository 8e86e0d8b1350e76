package kvit.request;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import kvit.identity.PersonRef;
import kvit.money.Money;
import kvit.problem.GeneralProblem;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks for. One that exists is well-formed. Its JSON is what a replay is recognised
 * by, so components are appended and never renamed.
 *
 * @param amount all of it; per head, what each bears
 * @param payers in the order in which odd minor units are given out; the asker comes after them
 * @param perHead whether the amount is each one's and not that of all
 * @param includeMe whether the asker bears a part
 * @param myShares the asker's weight; null is one
 * @param autoRemind whether those who have not paid are reminded once by themselves
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Order(
        Money amount,
        List<Payer> payers,
        Split split,
        boolean perHead,
        boolean includeMe,
        @Nullable Integer myShares,
        @Nullable String note,
        @Nullable String conversation,
        boolean autoRemind) {

    /**
     * Somebody who is asked.
     *
     * @param amount what they are to pay; of a split by amounts
     * @param shares their weight; of a split by shares
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Payer(PersonRef person, @Nullable Money amount, @Nullable Integer shares) {

        /** Who is named by what others do not know of them is looked up. */
        boolean isLookUp() {
            return person.customerId() == null;
        }
    }

    /**
     * @throws Problem VALIDATION_FAILED where the way to split it and what each is to pay do not go
     *     together
     */
    Order {
        payers = List.copyOf(payers);
        for (var i = 0; i < payers.size(); i++) {
            requireFitting("/payers/" + i, payers.get(i), split, amount);
        }
        if (perHead && split != Split.EQUAL) {
            throw GeneralProblem.invalid("/perHead", "goes with an equal split only");
        }
        if (myShares != null && (split != Split.SHARES || !includeMe)) {
            throw GeneralProblem.invalid("/myShares", "goes with includeMe and split by shares");
        }
        if (perHead && amount.minor() > Money.MINOR_MAX / heads(payers, includeMe)) {
            throw GeneralProblem.invalid("/amount", "comes to too much for so many");
        }
    }

    private static void requireFitting(String pointer, Payer payer, Split split, Money amount) {
        if (!payer.person().namesOne()) {
            throw GeneralProblem.invalid(pointer, "must have one of customerId, handle, phone");
        }
        var own = payer.amount();
        if ((own != null) != (split == Split.AMOUNTS)) {
            throw GeneralProblem.invalid(pointer + "/amount", "goes with a split by amounts");
        }
        if (own != null && own.currency() != amount.currency()) {
            throw GeneralProblem.invalid(pointer + "/amount/currency", "must be that of all");
        }
        if ((payer.shares() != null) != (split == Split.SHARES)) {
            throw GeneralProblem.invalid(pointer + "/shares", "goes with a split by shares");
        }
    }

    private static int heads(List<Payer> payers, boolean includeMe) {
        return payers.size() + (includeMe ? 1 : 0);
    }

    int heads() {
        return heads(payers, includeMe);
    }
}
