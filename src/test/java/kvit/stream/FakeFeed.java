package kvit.stream;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import kvit.notice.Notice;

/** Notices in memory, numbered as in the table. */
class FakeFeed implements Feed {

    private final List<Notice> written = new ArrayList<>();
    private long oldest = 1;
    volatile boolean isAway;
    final AtomicInteger asked = new AtomicInteger();

    synchronized long write(UUID customer, String type) {
        var number = written.size() + 1L;
        written.add(
                new Notice(number, UUID.randomUUID(), customer, type, Instant.EPOCH, "" + number));
        return number;
    }

    synchronized void forgetBelow(long number) {
        oldest = number;
    }

    synchronized List<Long> numbersOf(UUID customer) {
        return written.stream()
                .filter(it -> it.customer().equals(customer))
                .map(Notice::number)
                .toList();
    }

    @Override
    public synchronized List<Notice> after(long number, int atMost) {
        asked.incrementAndGet();
        return written.stream().skip(number).limit(atMost).toList();
    }

    @Override
    public synchronized List<Notice> of(UUID customer, long after, int atMost) {
        if (isAway) {
            throw new IllegalStateException("away");
        }
        return written.stream()
                .skip(after)
                .filter(it -> it.number() >= oldest && it.customer().equals(customer))
                .limit(atMost)
                .toList();
    }

    @Override
    public synchronized long last() {
        return written.size();
    }

    @Override
    public synchronized long oldest() {
        return written.isEmpty() ? 0 : oldest;
    }
}
