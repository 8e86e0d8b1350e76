package kvit.idempotency;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;

/** Refuses a missing key before the body is even read: it comes first in the order of problems. */
@Provider
@Keyed
class KeyRequired implements ContainerRequestFilter {

    @Override
    public void filter(ContainerRequestContext request) {
        IdempotencyKey.parse(request.getHeaderString(IdempotencyKey.HEADER));
    }
}
