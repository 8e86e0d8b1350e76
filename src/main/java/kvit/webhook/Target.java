package kvit.webhook;

import static kvit.webhook.WebhookProblem.WEBHOOK_TARGET_REFUSED;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;
import kvit.problem.Problem;

/**
 * Where to send, as far as the text of the address tells. To which machine that leads today, {@link
 * Addresses} looks at.
 *
 * @param path with the query
 */
record Target(boolean tls, String host, int port, String path) {

    static final int LENGTH_MAX = 500;

    private static final int HTTPS = 443;
    private static final int HTTP = 80;
    private static final int PORT_MAX = 65_535;

    /**
     * A name of the public kind: labels of letters, digits and hyphens, and a last one that begins
     * with a letter. So no address, in whatever way one may be written.
     */
    private static final Pattern NAME =
            Pattern.compile(
                    "(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+"
                            + "[a-z]([a-z0-9-]{0,61}[a-z0-9])");

    /** Besides, only where private targets are allowed: this machine, and addresses as usual. */
    private static final Pattern PRIVATE =
            Pattern.compile("localhost|(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");

    /** Nothing that a parser may see otherwise than we do. */
    private static final Pattern PLAIN = Pattern.compile("[!-~&&[^\\\\^`{|}<>\"]]+");

    /**
     * What an address says.
     *
     * @param withPrivate whether it may be near by, without TLS and at any port
     * @throws Problem WEBHOOK_TARGET_REFUSED
     */
    static Target of(String url, boolean withPrivate) {
        if (url.length() > LENGTH_MAX || !PLAIN.matcher(url).matches()) {
            throw refused("An address has 1 to " + LENGTH_MAX + " characters of ASCII.");
        }
        var uri = parsed(url);
        var tls = "https".equals(uri.getScheme());
        if (!tls && !(withPrivate && "http".equals(uri.getScheme()))) {
            throw refused("It must begin with https://.");
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw refused("It must have no user, no password and no fragment.");
        }
        var usual = tls ? HTTPS : HTTP;
        var port = uri.getPort() == -1 ? usual : uri.getPort();
        if (port < 1 || port > PORT_MAX || (port != usual && !withPrivate)) {
            throw refused("The port must be " + usual + ".");
        }
        var host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
        if (!NAME.matcher(host).matches() && !(withPrivate && PRIVATE.matcher(host).matches())) {
            throw refused("The host must be a name like hooks.example.com.");
        }
        var path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return new Target(
                tls, host, port, uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery());
    }

    private static URI parsed(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            throw refused("It cannot be read.");
        }
    }

    static Problem refused(String why) {
        return WEBHOOK_TARGET_REFUSED.because(why);
    }
}
