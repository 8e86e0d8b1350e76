package kvit.speed;

import io.netty.buffer.ByteBuf;

/** What is asked of the service. Called on the one thread of the generator. */
interface Traffic {

    /** Writes the next request, and notes which it is. */
    void next(Exchange exchange, ByteBuf out);

    /** The answer has come. */
    void answered(Exchange exchange);

    /** No answer came, and none will. */
    void unanswered(Exchange exchange);
}
