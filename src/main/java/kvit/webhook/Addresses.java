package kvit.webhook;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
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
    private static final List<Block> SPECIAL_V4 =
            blocks(
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
    private static final Block PUBLIC_V6 = Block.of("2000::/3");

    /** ...but for protocols, documents, and what has an IPv4 address within. */
    private static final List<Block> SPECIAL_V6 =
            blocks("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20");

    /** What developers have at home, and no cloud has its secrets at. */
    private static final List<Block> PRIVATE =
            blocks(
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
                ? PUBLIC_V6.has(address) && !isIn(SPECIAL_V6, address)
                : !isIn(SPECIAL_V4, address);
    }

    private static boolean isIn(List<Block> blocks, InetAddress address) {
        return blocks.stream().anyMatch(it -> it.has(address));
    }

    private static List<Block> blocks(String... blocks) {
        return Stream.of(blocks).map(Block::of).toList();
    }

    /**
     * Neighbouring addresses. Ours, because Netty's has all those whose bits are set in every block
     * of their length.
     *
     * @param bits of an address of its kind
     * @param rest of these bits, in which its addresses differ
     */
    private record Block(BigInteger first, int bits, int rest) {

        /** As a number of the notation CIDR. */
        static Block of(String block) {
            var parts = block.split("/", 2);
            try {
                var bytes = InetAddress.getByName(parts[0]).getAddress();
                var bits = 8 * bytes.length;
                return new Block(new BigInteger(1, bytes), bits, bits - Integer.parseInt(parts[1]));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(block, e);
            }
        }

        boolean has(InetAddress address) {
            var bytes = address.getAddress();
            return 8 * bytes.length == bits
                    && new BigInteger(1, bytes).shiftRight(rest).equals(first.shiftRight(rest));
        }
    }
}
