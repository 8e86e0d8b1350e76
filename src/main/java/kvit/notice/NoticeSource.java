package kvit.notice;

import java.util.List;

/** What is told of the events of a package. A bean beside the events, which are nobody else's. */
public interface NoticeSource {

    List<Telling<?>> tellings();
}
