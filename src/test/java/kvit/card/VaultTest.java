package kvit.card;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VaultTest {

    private static final String ONE = base64("R8#kLp2!zQw7@mNx4$tYb6%hGd9^sFc0");
    private static final String TWO = base64("Fc0s^9dGh%6bYt$4xNm@7wQz!2pLk#8R");
    private static final String MAC = base64("m4$tYb6%hGd9^sFc0vR8#kLp2!zQw7@Nx");

    private static final CardNumber NUMBER = CardNumber.parse("4242424242424242").orElseThrow();
    private static final Vault.Owner ANNA = new Vault.Owner(new UUID(7, 1), new UUID(7, 2));

    private final Vault first = vault(List.of("1:" + ONE), 1);
    private final Vault both = vault(List.of("1:" + ONE, "2:" + TWO), 2);
    private final Vault second = vault(List.of("2:" + TWO), 2);

    @Test
    void whatWasSealedOpens() {
        var opened = first.open(ANNA, first.seal(ANNA, NUMBER, "Анна Ö. O’Hara"));

        assertThat(opened.number()).isEqualTo(NUMBER);
        assertThat(opened.holder()).isEqualTo("Анна Ö. O’Hara");
    }

    @Test
    void everyCardHasADataKeyOfItsOwn() {
        var one = first.seal(ANNA, NUMBER, "Anna");
        var other = first.seal(ANNA, NUMBER, "Anna");

        assertThat(one.content()).isNotEqualTo(other.content());
        assertThat(one.wrappedKey()).isNotEqualTo(other.wrappedKey());
        refuses(first, ANNA, new Vault.Sealed(one.content(), other.wrappedKey(), 1));
    }

    @Test
    void itOpensForNobodyElseAndAsNoOtherCard() {
        var sealed = first.seal(ANNA, NUMBER, "Anna");

        refuses(first, new Vault.Owner(new UUID(7, 3), ANNA.customer()), sealed);
        refuses(first, new Vault.Owner(ANNA.card(), new UUID(7, 3)), sealed);
        refuses(first, new Vault.Owner(ANNA.customer(), ANNA.card()), sealed);
    }

    /**
     * Each layer by itself: whoever has a key of ours and wraps Anna's data key for Boris has not
     * made her number his.
     */
    @Test
    void aDataKeyThatIsWrappedForSomebodyElseDoesNotOpenTheNumber() throws Exception {
        var boris = new Vault.Owner(new UUID(7, 4), new UUID(7, 5));
        var annas = first.seal(ANNA, NUMBER, "Anna");
        var borissOwn = first.seal(boris, NUMBER, "Boris");
        var wrapping = new CardKeys(List.of("1:" + ONE), 1, MAC).wrapping(1);

        // That the wrapping is as it has to be is shown by what opens.
        assertThat(first.open(boris, wrappedFor(boris, boris, borissOwn, wrapping)).holder())
                .isEqualTo("Boris");
        assertThat(first.open(ANNA, wrappedFor(ANNA, ANNA, annas, wrapping)).holder())
                .isEqualTo("Anna");
        refuses(first, boris, wrappedFor(boris, ANNA, annas, wrapping));
    }

    private static Vault.Sealed wrappedFor(
            Vault.Owner next, Vault.Owner owner, Vault.Sealed sealed, Aead wrapping)
            throws GeneralSecurityException {
        var dataKey =
                TinkProtoKeysetFormat.parseEncryptedKeyset(
                        sealed.wrappedKey(), wrapping, ofKey(owner), AeadConfig2026.get());
        return new Vault.Sealed(
                sealed.content(),
                TinkProtoKeysetFormat.serializeEncryptedKeyset(
                        dataKey, wrapping, ofKey(next), AeadConfig2026.get()),
                1);
    }

    /** Written out: rows of years ago have to open. */
    private static byte[] ofKey(Vault.Owner owner) {
        return ("kvit/card/1/key/" + owner.card() + "/" + owner.customer() + "/1").getBytes(UTF_8);
    }

    @Test
    void anyByteThatIsChangedIsNoticed() {
        var sealed = first.seal(ANNA, NUMBER, "Anna");
        for (var at = 0; at < sealed.content().length; at++) {
            refuses(
                    first,
                    ANNA,
                    new Vault.Sealed(changed(sealed.content(), at), sealed.wrappedKey(), 1));
        }
    }

    @Test
    void anotherVersionThanThatOfItsKeyDoesNotOpenEvenWhereTheKeyIsTheSame() {
        var twice = vault(List.of("1:" + ONE, "2:" + ONE), 1);
        var sealed = twice.seal(ANNA, NUMBER, "Anna");

        refuses(twice, ANNA, new Vault.Sealed(sealed.content(), sealed.wrappedKey(), 2));
    }

    @Test
    void wrappingAnewLeavesTheNumberAsItIsAndNeedsTheOldKeyNoMore() {
        var before = first.seal(ANNA, NUMBER, "Anna");

        var after = both.rewrap(ANNA, before);

        assertThat(after.content()).isEqualTo(before.content());
        assertThat(after.keyVersion()).isEqualTo(2);
        assertThat(both.open(ANNA, before).number()).isEqualTo(NUMBER);
        assertThat(both.open(ANNA, after).number()).isEqualTo(NUMBER);
        assertThat(second.open(ANNA, after).number()).isEqualTo(NUMBER);
        refuses(second, ANNA, before);
        refuses(first, ANNA, after);
    }

    @Test
    void aNumberIsKnownAgainByTheSameKeyAlone() {
        var other = new Vault(new CardKeys(List.of("1:" + ONE), 1, TWO));

        assertThat(first.fingerprint(NUMBER)).hasSize(32).isEqualTo(both.fingerprint(NUMBER));
        assertThat(first.fingerprint(NUMBER)).isNotEqualTo(other.fingerprint(NUMBER));
    }

    @ParameterizedTest
    @CsvSource({
        "nonsense, 1, VERSION:BASE64",
        "0:, 1, VERSION:BASE64",
        "1:%%%, 1, not base64",
        "1:c2hvcnQ=, 1, 32 bytes",
        "2:Q2hhbmdlTWVDaGFuZ2VNZUNoYW5nZU1lQ2hhbmdlTWU=, 1, key-version"
    })
    void keysThatAreNoneStopTheStartWithoutBeingQuoted(String keys, int version, String message) {
        assertThatIllegalStateException()
                .isThrownBy(() -> new CardKeys(List.of(keys), version, MAC))
                .withMessageContaining(message)
                .withMessageNotContaining(keys)
                .withNoCause();
    }

    @Test
    void aVersionStandsForOneKeyAndAFingerprintNeedsALongOne() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new CardKeys(List.of("1:" + ONE, "1:" + TWO), 1, MAC));
        assertThatIllegalStateException()
                .isThrownBy(() -> new CardKeys(List.of("1:" + ONE), 1, "c2hvcnQ="))
                .withMessageContaining("kvit.card.fingerprint-key");
    }

    private static void refuses(Vault vault, Vault.Owner owner, Vault.Sealed sealed) {
        assertThatIllegalStateException()
                .isThrownBy(() -> vault.open(owner, sealed))
                .withMessageNotContaining("4242");
    }

    private static byte[] changed(byte[] bytes, int at) {
        var changed = bytes.clone();
        changed[at] ^= 1;
        return changed;
    }

    private static Vault vault(List<String> keys, int version) {
        return new Vault(new CardKeys(keys, version, MAC));
    }

    private static String base64(String text) {
        return Base64.getEncoder()
                .encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
