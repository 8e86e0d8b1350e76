package kvit.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.List;
import kvit.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways to have a server call what only the server can reach (S-10). */
class AddressesTest {

    /** As an address is written. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hooks.example.com",
                "//hooks.example.com/",
                "http://hooks.example.com/",
                "ftp://hooks.example.com/",
                "file:///etc/passwd",
                "gopher://hooks.example.com:443/_x",
                "HTTPS://hooks.example.com/",
                "https:hooks.example.com",
                "https:///hooks.example.com",
                "https://hooks.example.com:80/",
                "https://hooks.example.com:8443/",
                "https://hooks.example.com:0/",
                "https://hooks.example.com:65979/",
                "https://hooks.example.com:99999999999/",
                "https://user@hooks.example.com/",
                "https://user:password@hooks.example.com/",
                "https://hooks.example.com@127.0.0.1/",
                "https://127.0.0.1#@hooks.example.com/",
                "https://hooks.example.com/#fragment",
                "https://127.0.0.1/",
                "https://127.1/",
                "https://0/",
                "https://0.0.0.0/",
                "https://2130706433/",
                "https://017700000001/",
                "https://0177.0.0.1/",
                "https://0x7f000001/",
                "https://0x7f.0.0.1/",
                "https://0x7f.0x0.0x0.0x1/",
                "https://8.8.8.8/",
                "https://10.0.0.1/",
                "https://172.16.0.1/",
                "https://192.168.1.1/",
                "https://169.254.169.254/latest/meta-data/",
                "https://[::1]/",
                "https://[::]/",
                "https://[::ffff:127.0.0.1]/",
                "https://[::ffff:a9fe:a9fe]/",
                "https://[64:ff9b::7f00:1]/",
                "https://[fd00::1]/",
                "https://[fe80::1%25eth0]/",
                "https://[2606:4700::1111]/",
                "https://localhost/",
                "https://localhost./",
                "https://intranet/",
                "https://hooks.example.com./",
                "https://hooks..example.com/",
                "https://-hooks.example.com/",
                "https://hooks_example.com/",
                "https://hooks.example.c/",
                "https://①②⑦.⓪.⓪.①/",
                "https://127。0。0。1/",
                "https://hooks.example.com\\@127.0.0.1/",
                "https://hooks.example.com\t/",
                "https://hooks.example.com/ x",
                "https://hooks.example.com/\r\nHost: intranet",
                "https://hooks%2eexample.com/",
                "https://hooks.example.com:443:443/"
            })
    void isRefusedByItsText(String url) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> Target.of(url, false))
                .extracting(Problem::type)
                .isEqualTo(WebhookProblem.WEBHOOK_TARGET_REFUSED);
    }

    /** What a name leads to, at the moment of a call as well as before. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.255",
                "169.254.169.254",
                "169.254.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.1",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.0.1",
                "192.168.255.255",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::127.0.0.1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::ffff:169.254.169.254",
                "64:ff9b::7f00:1",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:db8::1",
                "2002:7f00:1::1",
                "3fff::1",
                "5f00::1",
                "fc00::1",
                "fd12:3456:789a::1",
                "fe80::1",
                "fec0::1",
                "ff02::1"
            })
    void isRefusedByWhereItLeads(String address) throws Exception {
        var leadsThere = new Addresses(it -> InetAddress.getAllByName(address), false);

        assertThatExceptionOfType(Addresses.NoAddress.class)
                .isThrownBy(() -> leadsThere.of("hooks.example.com"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.1",
                "169.253.255.255",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "192.169.0.0",
                "223.255.255.255",
                "2606:4700:4700::1111",
                "2a00:1450:4001::1",
                "2003::1"
            })
    void isNotRefusedWhereEverybodyGoes(String address) throws Exception {
        var there = InetAddress.getByName(address);

        assertThat(new Addresses(it -> new InetAddress[] {there}, false).of("hooks.example.com"))
                .containsExactly(there);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://hooks.example.com",
                "https://hooks.example.com/",
                "https://hooks.example.com:443/kvit?a=b&c=%20d",
                "https://xn--e1afmkfd.xn--p1ai/",
                "https://HOOKS.Example.Com/"
            })
    void aPlainAddressIsTaken(String url) {
        var target = Target.of(url, false);

        assertThat(target.tls()).isTrue();
        assertThat(target.port()).isEqualTo(443);
        assertThat(target.path()).startsWith("/");
    }

    @Test
    void oneBadAddressSpoilsTheOthers() throws Exception {
        var both =
                new InetAddress[] {
                    InetAddress.getByName("8.8.8.8"), InetAddress.getByName("10.0.0.1")
                };

        assertThatExceptionOfType(Addresses.NoAddress.class)
                .isThrownBy(() -> new Addresses(it -> both, false).of("hooks.example.com"));
    }

    @Test
    void aNameThatLeadsElsewhereLaterIsRefusedLater() throws Exception {
        var answers =
                new ArrayDeque<>(
                        List.of(
                                InetAddress.getByName("8.8.8.8"),
                                InetAddress.getByName("127.0.0.1")));
        var addresses = new Addresses(it -> new InetAddress[] {answers.remove()}, false);

        assertThatCode(() -> addresses.of("hooks.example.com")).doesNotThrowAnyException();
        assertThatExceptionOfType(Addresses.NoAddress.class)
                .isThrownBy(() -> addresses.of("hooks.example.com"));
    }

    @Test
    void aNameThatNobodyKnowsLeadsNowhere() {
        var nobody =
                new Addresses(
                        it -> {
                            throw new UnknownHostException(it);
                        },
                        false);

        assertThatExceptionOfType(Addresses.NoAddress.class)
                .isThrownBy(() -> nobody.of("hooks.example.com"));
        assertThatExceptionOfType(Addresses.NoAddress.class)
                .isThrownBy(
                        () ->
                                new Addresses(it -> new InetAddress[0], false)
                                        .of("hooks.example.com"));
    }

    /** A developer's own server; but not what a cloud has its secrets at. */
    @Test
    void aSandboxMayGoNearButNotEverywhere() throws Exception {
        var near = new Addresses(InetAddress::getAllByName, true);

        assertThat(Target.of("http://127.0.0.1:8081/hooks", true))
                .isEqualTo(new Target(false, "127.0.0.1", 8081, "/hooks"));
        assertThat(near.of("127.0.0.1")).hasSize(1);
        assertThat(near.of("192.168.1.1")).hasSize(1);
        for (var far : List.of("169.254.169.254", "0.0.0.0", "224.0.0.1", "100.64.0.1")) {
            assertThatExceptionOfType(Addresses.NoAddress.class).isThrownBy(() -> near.of(far));
        }
        for (var odd : List.of("http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/")) {
            assertThatExceptionOfType(Problem.class).isThrownBy(() -> Target.of(odd, true));
        }
    }
}
