package kvit.outbox;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Hears every {@link Rang}, and does what the test of its key has asked for. */
@ApplicationScoped
class Bell implements Subscriber<Rang> {

    interface Act {
        /**
         * @param attempt the how manieth delivery this is, from 1
         */
        void run(int attempt) throws DeliveryFailed;
    }

    private final Map<UUID, Act> acts = new ConcurrentHashMap<>();
    private final Map<UUID, List<Rang>> heard = new ConcurrentHashMap<>();

    void on(UUID key, Act act) {
        acts.put(key, act);
    }

    List<Rang> heard(UUID key) {
        return heard.computeIfAbsent(key, it -> new CopyOnWriteArrayList<>());
    }

    @Override
    public Class<Rang> kind() {
        return Rang.class;
    }

    @Override
    public void deliver(Rang event) throws DeliveryFailed {
        heard(event.key()).add(event);
        var act = acts.get(event.key());
        if (act != null) {
            act.run(heard(event.key()).size());
        }
    }
}
