package kvit.stream;

import java.util.List;
import java.util.UUID;
import kvit.notice.Notice;

/** Where notices come from; in tests not from a table. */
interface Feed {

    List<Notice> after(long number, int atMost);

    List<Notice> of(UUID customer, long after, int atMost);

    long last();

    long oldest();
}
