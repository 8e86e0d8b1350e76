package kvit.operate;

import java.util.List;
import java.util.UUID;

/** An operator, as colleagues see them. */
record OperatorView(UUID id, String email, String name, List<String> roles) {}
