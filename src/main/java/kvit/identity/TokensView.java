package kvit.identity;

import org.jspecify.annotations.Nullable;

/**
 * What a session is used with.
 *
 * @param expiresIn seconds until the access token ends
 * @param refreshToken good for one refresh
 */
record TokensView(
        String accessToken,
        String tokenType,
        long expiresIn,
        String refreshToken,
        @Nullable CustomerView customer) {

    TokensView withCustomer(CustomerView view) {
        return new TokensView(accessToken, tokenType, expiresIn, refreshToken, view);
    }

    @Override
    public String toString() {
        return "TokensView[…]";
    }
}
