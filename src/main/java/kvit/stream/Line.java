package kvit.stream;

/** The way to one client: takes one letter after the other, when it is ready for the next. */
interface Line {

    /** Whether the letter before has left; only then may there be another one. */
    boolean isReady();

    void send(Letter letter);

    /** In good order, behind what was sent. */
    void close();

    /** At once, whatever was sent. */
    void cut();
}
