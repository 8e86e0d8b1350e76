package kvit.operate;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.Key;
import java.time.Duration;
import java.util.List;
import org.jose4j.http.Get;
import org.jose4j.http.SimpleGet;
import org.jose4j.http.SimpleResponse;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.HttpsJwks;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.keys.resolvers.HttpsJwksVerificationKeyResolver;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;
import org.jspecify.annotations.Nullable;

/**
 * The keys of an outside issuer, from where its discovery document says (OpenID Connect Discovery
 * 1.0). Asked for at the first token, and again when they have grown old or a token names one that
 * is not among them; while the issuer is away, those that are known hold on for a while.
 *
 * <p>Anybody can send a token with a key's name that they have made up. So the issuer is asked no
 * more often than so, by one at a time, and one that is away is left alone for a moment.
 */
final class IssuerKeys implements VerificationKeyResolver {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration LEFT_ALONE = Duration.ofSeconds(5);
    private static final Duration ASKED_EVERY = Duration.ofSeconds(10);

    /** Where the issuer does not say how long they are good for. */
    private static final Duration KEPT = Duration.ofHours(1);

    private static final int BYTES_MAX = 256 * 1024;

    private final String issuer;
    private final SimpleGet fetch = new OneAtATime();
    private @Nullable VerificationKeyResolver resolver;

    IssuerKeys(String issuer) {
        this.issuer = issuer;
    }

    /**
     * The key of a token.
     *
     * @throws UnresolvableKeyException when there is none; caused by an {@link IOException} where
     *     that is not known because the issuer is away
     */
    @Override
    public Key resolveKey(JsonWebSignature jws, List<JsonWebStructure> nesting)
            throws UnresolvableKeyException {
        if (jws.getKeyIdHeaderValue() == null) {
            throw new UnresolvableKeyException("it names no key");
        }
        return resolver().resolveKey(jws, nesting);
    }

    private synchronized VerificationKeyResolver resolver() throws UnresolvableKeyException {
        if (resolver == null) {
            try {
                var jwks = new HttpsJwks(discovered());
                jwks.setSimpleHttpGet(fetch);
                jwks.setDefaultCacheDuration(KEPT.toSeconds());
                jwks.setRetainCacheOnErrorDuration(KEPT.toSeconds());
                jwks.setRefreshReprieveThreshold(ASKED_EVERY.toMillis());
                resolver = new HttpsJwksVerificationKeyResolver(jwks);
            } catch (IOException e) {
                throw new UnresolvableKeyException("the issuer cannot be asked", e);
            }
        }
        return resolver;
    }

    private String discovered() throws IOException {
        var document =
                fetch.get(issuer.replaceFirst("/$", "") + "/.well-known/openid-configuration")
                        .getBody();
        try {
            var found = JsonUtil.parseJson(document);
            // Section 4.3: it is of this issuer, or of somebody who answers in its place.
            if (issuer.equals(found.get("issuer"))
                    && found.get("jwks_uri") instanceof String keys) {
                return confidential(keys);
            }
            throw new IOException("the discovery document of " + issuer + " is not one");
        } catch (JoseException e) {
            throw new IOException("the discovery document of " + issuer + " is no JSON", e);
        }
    }

    /**
     * They say who is an operator. So they come encrypted, or from where the issuer itself is: an
     * issuer that is none of https is one on this machine, or a sandbox's.
     */
    private String confidential(String keys) throws IOException {
        try {
            var address = new URI(keys);
            var own = new URI(issuer);
            if ("https".equalsIgnoreCase(address.getScheme()) || isBeside(own, address)) {
                return keys;
            }
        } catch (URISyntaxException e) {
            throw new IOException("the jwks_uri of " + issuer + " is no address", e);
        }
        throw new IOException("the jwks_uri of " + issuer + " is not https");
    }

    private static boolean isBeside(URI own, URI other) {
        return own.getScheme() != null
                && own.getScheme().equalsIgnoreCase(other.getScheme())
                && own.getAuthority() != null
                && own.getAuthority().equalsIgnoreCase(other.getAuthority());
    }

    private static final class OneAtATime implements SimpleGet {

        private final Get get = new Get();
        private long leftAloneUntil = System.nanoTime();

        OneAtATime() {
            get.setConnectTimeout((int) PATIENCE.toMillis());
            get.setReadTimeout((int) PATIENCE.toMillis());
            get.setResponseBodySizeLimit(BYTES_MAX);
            get.setRetries(0);
        }

        @Override
        public synchronized SimpleResponse get(String location) throws IOException {
            if (System.nanoTime() - leftAloneUntil < 0) {
                throw new IOException("it was away a moment ago");
            }
            try {
                return get.get(location);
            } catch (IOException e) {
                leftAloneUntil = System.nanoTime() + LEFT_ALONE.toNanos();
                throw e;
            }
        }
    }
}
