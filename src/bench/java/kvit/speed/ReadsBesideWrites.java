package kvit.speed;

import io.netty.buffer.ByteBuf;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import kvit.speed.Exchange.Kind;

/** A read for each transfer: the balances, the list and a single transfer in turn. */
final class ReadsBesideWrites implements Traffic {

    private static final byte[] BALANCES = Requests.ascii("/v1/me/balances");
    private static final byte[] LIST = Requests.ascii("/v1/transfers?limit=20");
    private static final String ONE = "/v1/transfers/";
    private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");

    /** Transfers that can be asked for again. */
    private static final int REMEMBERED = 4_096;

    private final SplittableRandom random = new SplittableRandom(2);
    private final Requests requests;
    private final Transfers transfers;
    private final Pairs pairs;
    private final int people;
    private final byte[][] paths = new byte[REMEMBERED][];
    private final int[] readers = new int[REMEMBERED];
    private int remembered;
    private int count;

    /**
     * @param pairs of the transfers
     */
    ReadsBesideWrites(Requests requests, Transfers transfers, Pairs pairs, int people) {
        this.requests = requests;
        this.transfers = transfers;
        this.pairs = pairs;
        this.people = people;
    }

    @Override
    public void next(Exchange exchange, ByteBuf out) {
        if (++count % 2 == 0) {
            transfers.next(exchange, out);
            exchange.wantsText = true;
            return;
        }
        exchange.kind = Kind.READ;
        switch (count / 2 % 3) {
            case 0 -> requests.get(out, BALANCES, random.nextInt(people));
            case 1 -> requests.get(out, LIST, random.nextInt(people));
            default -> one(out);
        }
    }

    private void one(ByteBuf out) {
        if (remembered == 0) {
            requests.get(out, BALANCES, random.nextInt(people));
            return;
        }
        var which = random.nextInt(Math.min(remembered, REMEMBERED));
        requests.get(out, paths[which], readers[which]);
    }

    @Override
    public void answered(Exchange exchange) {
        if (exchange.kind != Kind.TRANSFER) {
            return;
        }
        transfers.answered(exchange);
        var id = ID.matcher(exchange.text);
        if (id.find()) {
            var place = remembered++ % REMEMBERED;
            paths[place] = Requests.ascii(ONE + id.group(1));
            readers[place] = pairs.payer(exchange.number);
        }
    }

    @Override
    public void unanswered(Exchange exchange) {
        if (exchange.kind == Kind.TRANSFER) {
            transfers.unanswered(exchange);
        }
    }
}
