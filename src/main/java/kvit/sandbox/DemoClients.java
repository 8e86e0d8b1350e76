package kvit.sandbox;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Set;
import kvit.identity.ClientApp;
import kvit.identity.ClientApps;

/**
 * Front ends to try the rules of channels with. All but the web carry what a bot's messages say:
 * who pays whom, and how much.
 */
@ApplicationScoped
class DemoClients {

    private static final Set<String> MESSAGES = Set.of("PERSONAL_DATA", "TRANSFER_DATA");

    private static final List<ClientApp> APPS =
            List.of(
                    new ClientApp("telegram", "A Telegram bot", "telegram", "AE", MESSAGES),
                    new ClientApp("messenger", "A Messenger bot", "messenger", "US", MESSAGES),
                    new ClientApp("whatsapp", "A WhatsApp bot", "whatsapp", "US", MESSAGES),
                    new ClientApp("viber", "A Viber bot", "viber", "JP", MESSAGES),
                    new ClientApp("wechat", "A WeChat mini-program", "wechat", "CN", MESSAGES),
                    new ClientApp("snapchat", "A Snapchat mini", "snapchat", "US", MESSAGES));

    private final ClientApps clients;
    private final Mode mode;

    DemoClients(ClientApps clients, Mode mode) {
        this.clients = clients;
        this.mode = mode;
    }

    /** Again at each start: what is there already is left alone. */
    void seed(@Observes StartupEvent event) {
        if (mode.isSandbox()) {
            APPS.forEach(clients::register);
        }
    }
}
