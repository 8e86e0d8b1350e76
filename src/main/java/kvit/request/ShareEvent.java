package kvit.request;

import java.util.UUID;
import kvit.money.Money;
import kvit.outbox.Event;

/** Something that has become of a share, and that one person is told. */
interface ShareEvent extends Event {

    UUID request();

    UUID share();

    /** Who is told. */
    UUID customer();

    /** Who has done it. */
    UUID other();

    Money amount();

    @Override
    default UUID key() {
        return customer();
    }
}
