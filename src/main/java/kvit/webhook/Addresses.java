package kvit.webhook;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds the machine behind a name, and refuses those that are not for everybody to reach. What is
 * found is what is called, so a name that leads elsewhere a moment later leads nowhere.
 */
@ApplicationScoped
class Addresses {

    /** As the system finds them; tests have their own. */
    interface Names {
        InetAddress[] find(String host) throws UnknownHostException;
    }

    /** A name that leads nowhere, or where nothing is sent; says which, to operators. */
    static final class NoAddress extends Exception {
        private static final long serialVersionUID = 1;

        NoAddress(String message) {
            super(message);
        }
    }

    /** IANA's registry of special IPv4 addresses, without those that are there for everybody. */
    private static final List<IpSubnetFilterRule> SPECIAL_V4 =
            rules(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.0.2.0/24",
                    "192.88.99.0/24",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "198.51.100.0/24",
                    "203.0.113.0/24",
                    "224.0.0.0/4",
                    "240.0.0.0/4");

    /** All of IPv6 that is given to the public... */
    private static final IpSubnetFilterRule PUBLIC_V6 = rule("2000::/3");

    /** ...but for protocols, documents, and what has an IPv4 address within. */
    private static final List<IpSubnetFilterRule> SPECIAL_V6 =
            rules("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20");

    /** What developers have at home, and no cloud has its secrets at. */
    private static final List<IpSubnetFilterRule> PRIVATE =
            rules(
                    "10.0.0.0/8",
                    "127.0.0.0/8",
                    "172.16.0.0/12",
                    "192.168.0.0/16",
                    "::1/128",
                    "fc00::/7");

    private final Names names;
    private final boolean withPrivate;

    @Inject
    Addresses(WebhookConfig config) {
        this(InetAddress::getAllByName, config.privateTargets());
    }

    Addresses(Names names, boolean withPrivate) {
        this.names = names;
        this.withPrivate = withPrivate;
    }

    /**
     * All that a name leads to, at least one. One bad one among them spoils them all: an honest
     * name has none. Asks the network, so not within a transaction.
     */
    List<InetAddress> of(String host) throws NoAddress {
        InetAddress[] found;
        try {
            found = names.find(host);
        } catch (UnknownHostException e) {
            throw new NoAddress("nobody knows the name " + host);
        }
        for (var address : found) {
            if (!isAllowed(address)) {
                throw new NoAddress(host + " leads to an address that is not public");
            }
        }
        if (found.length == 0) {
            throw new NoAddress(host + " leads nowhere");
        }
        return List.of(found);
    }

    boolean isAllowed(InetAddress address) {
        return isPublic(address) || (withPrivate && isIn(PRIVATE, address));
    }

    private static boolean isPublic(InetAddress address) {
        return address instanceof Inet6Address
                ? matches(PUBLIC_V6, address) && !isIn(SPECIAL_V6, address)
                : !isIn(SPECIAL_V4, address);
    }

    private static boolean isIn(List<IpSubnetFilterRule> rules, InetAddress address) {
        return rules.stream().anyMatch(it -> matches(it, address));
    }

    private static boolean matches(IpSubnetFilterRule rule, InetAddress address) {
        return rule.matches(new InetSocketAddress(address, 0));
    }

    private static List<IpSubnetFilterRule> rules(String... blocks) {
        return Stream.of(blocks).map(Addresses::rule).toList();
    }

    private static IpSubnetFilterRule rule(String block) {
        var parts = block.split("/", 2);
        return new IpSubnetFilterRule(parts[0], Integer.parseInt(parts[1]), IpFilterRuleType.REJECT);
    }
}
