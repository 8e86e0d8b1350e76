package kvit.identity;

import static kvit.identity.IdentityProblem.CLIENT_NOT_FOUND;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Set;
import kvit.operate.FourEyes;
import kvit.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Changes what a front end may do, or switches it off and on. */
@ApplicationScoped
class ChangeClient implements FourEyes<ChangeClient.Change> {

    /**
     * What is absent stays. Whoever has one has one that is sensible: it throws VALIDATION_FAILED.
     *
     * @param client its id
     * @param scopes what its sessions may do from their next access token on, see {@link Scope}
     * @param carries the classes of people's data that pass through the platform
     */
    public record Change(
            String client,
            @Nullable String name,
            @Nullable Set<String> scopes,
            @Nullable Set<String> carries,
            @Nullable ClientState state) {

        public Change {
            client = ClientForm.id("/client", client);
            name = name == null ? null : ClientForm.name(name);
            scopes = scopes == null ? null : ClientForm.scopes(scopes);
            carries = carries == null ? null : ClientForm.carries(carries);
        }
    }

    private final ClientApps clients;

    ChangeClient(ClientApps clients) {
        this.clients = clients;
    }

    @Override
    public String action() {
        return "clients.change";
    }

    @Override
    public Class<Change> payload() {
        return Change.class;
    }

    @Override
    public String resource(Change change) {
        return change.client();
    }

    /**
     * All that may be changed, as it is.
     *
     * @throws Problem CLIENT_NOT_FOUND
     */
    @Override
    public String basis(Change change) {
        return clients.find(change.client())
                .map(it -> it.view().toString())
                .orElseThrow(() -> notFound(change.client()));
    }

    @Override
    public @Nullable Object state(Change change) {
        return clients.find(change.client()).map(ClientRecord::view).orElse(null);
    }

    @Override
    @Transactional
    public void carryOut(Change change, Agreed agreed) {
        change(change);
    }

    private static Problem notFound(String id) {
        return CLIENT_NOT_FOUND.because("No front end " + id + ".");
    }

    /**
     * Changes what is named, and returns all as it is from now on.
     *
     * @throws Problem CLIENT_NOT_FOUND
     */
    @Transactional
    public ClientView change(Change change) {
        var before = clients.lock(change.client()).orElseThrow(() -> notFound(change.client()));
        var app = before.app;
        clients.update(
                app.id(),
                change.name() == null ? app.name() : change.name(),
                change.scopes() == null ? before.scopes : change.scopes(),
                change.carries() == null ? app.carries() : change.carries(),
                change.state() == null ? before.state : change.state());
        return clients.find(app.id()).orElseThrow().view();
    }
}
