package kvit.settlement;

import jakarta.enterprise.context.ApplicationScoped;
import kvit.problem.OwnBodyLimit;

/** Files are larger than any JSON, and are counted while they are received. */
@ApplicationScoped
class LargeFiles implements OwnBodyLimit {

    static final String PATH = "/v1/admin/settlement-files";

    @Override
    public boolean covers(String path) {
        return path.equals(PATH);
    }
}
