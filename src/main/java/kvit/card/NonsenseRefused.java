package kvit.card;

import java.io.Serial;

/**
 * The processor has understood a call and refuses it as nonsense, which is a bug of ours or a wrong
 * setting. This call has done nothing; of earlier calls for the same operation it says nothing, and
 * one of those may have done it.
 *
 * <p>An IllegalStateException, because nobody can go on with it; but nothing else that is one means
 * this, so whoever gives an operation up has to ask for this very class.
 */
public final class NonsenseRefused extends IllegalStateException {

    @Serial private static final long serialVersionUID = 1;

    public NonsenseRefused(String what) {
        super(what);
    }
}
