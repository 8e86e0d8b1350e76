package kvit.ledger;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The state of the whole ledger. */
public record BooksView(
        boolean balanced, long accounts, long postings, long entries, List<Finding> findings) {

    /**
     * Something that does not add up.
     *
     * @param finding which rule it breaks
     * @param subject the account, posting or currency
     */
    @Schema(name = "BooksFinding")
    public record Finding(String finding, String subject, String detail) {}
}
