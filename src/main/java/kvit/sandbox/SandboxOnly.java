package kvit.sandbox;

import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;

/**
 * In live mode these paths are absent, and look no different from any other that does not exist.
 */
@Provider
@PreMatching
class SandboxOnly implements ContainerRequestFilter {

    private final Mode mode;

    SandboxOnly(Mode mode) {
        this.mode = mode;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        if (!mode.isSandbox() && request.getUriInfo().getPath().startsWith("/v1/sandbox")) {
            throw new NotFoundException();
        }
    }
}
