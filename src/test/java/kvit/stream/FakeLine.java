package kvit.stream;

import java.util.ArrayList;
import java.util.List;

/** A client that takes what it is given as long as it wants to. */
class FakeLine implements Line {

    private final List<Letter> taken = new ArrayList<>();
    private int takes;
    private boolean isClosed;
    private boolean isCut;
    private boolean isBroken;
    private Runnable whenClosed = () -> {};

    FakeLine(int takes) {
        this.takes = takes;
    }

    synchronized void takes(int more) {
        takes = more;
    }

    /** From now on nothing can be sent, though it looks as if it could. */
    synchronized void breaks() {
        isBroken = true;
    }

    synchronized void whenClosed(Runnable what) {
        whenClosed = what;
    }

    @Override
    public synchronized boolean isReady() {
        return takes > 0 && !isClosed;
    }

    @Override
    public synchronized void send(Letter letter) {
        if (isBroken || !isReady()) {
            throw new IllegalStateException("not ready");
        }
        takes--;
        taken.add(letter);
    }

    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
        }
        whenClosed.run();
    }

    @Override
    public void cut() {
        synchronized (this) {
            isCut = true;
        }
        close();
    }

    synchronized boolean isClosed() {
        return isClosed;
    }

    synchronized boolean isCut() {
        return isCut;
    }

    synchronized List<Letter> taken() {
        return List.copyOf(taken);
    }

    /** The numbers of the notices among them. */
    List<Long> notices() {
        return taken().stream()
                .filter(it -> it.data() != null && it.name() == null)
                .map(it -> Long.valueOf(it.id()))
                .toList();
    }

    /** What a client would show that came back now. */
    Long lastId(Long before) {
        return taken().stream()
                .map(Letter::id)
                .filter(it -> it != null)
                .reduce((first, second) -> second)
                .map(Long::valueOf)
                .orElse(before);
    }
}
