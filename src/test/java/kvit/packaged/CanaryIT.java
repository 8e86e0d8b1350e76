package kvit.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import kvit.packaged.Client.Person;
import kvit.packaged.Postgres.Role;
import kvit.support.Phones;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/**
 * A card is added on all the ways that there are, right ones and wrong ones, and then every byte
 * that the service and its PostgreSQL have written is searched for it: the tables, the write-ahead
 * log, a dump, the logs with everything in them.
 */
@Tag("long")
class CanaryIT {

    /**
     * Runs of digits as long as nearly all card numbers are, however people group them. Some have
     * up to 19, and so has every other number of 64 bits.
     */
    private static final Pattern DIGITS =
            Pattern.compile("(?<![0-9a-zA-Z.])[3-6](?:[ -]?[0-9]){12,15}(?![0-9a-zA-Z.])");

    private static final String NAME = "Annabel Canary";
    private static final String PIN = "739164";
    private static final String DECLINE = "{\"fault\":\"decline\",\"times\":1}";

    @TempDir Path folder;
    Service service;
    Client client;
    Person anna;
    String number;

    /**
     * Four digits are somewhere by chance. These are looked for as text by itself, and begin with a
     * zero, as no count and no port does.
     */
    final String cvc = "0" + (100 + new Random().nextInt(900));

    @BeforeEach
    void start() throws Exception {
        number = newNumber();
        service = Service.in(folder);
        // Whoever looks for a fault turns these on.
        for (var category :
                List.of("kvit", "io.quarkus", "org.jboss.resteasy", "org.hibernate", "io.vertx")) {
            service.with("quarkus.log.category.\"" + category + "\".level", "DEBUG");
        }
        service.start();
        client = new Client(service);
    }

    @AfterEach
    void end() {
        service.close();
    }

    @Test
    void nothingOfACardIsWrittenAnywhere() throws Exception {
        var codes = addTheCardOnAllWays();
        service.postgres().run(Role.SUPERUSER, "checkpoint");
        var dump = dump();

        // The search finds what is there, or it would say nothing.
        assertThat(search(latin1(dump), List.of(number.substring(11)))).isNotEmpty();

        // A name goes the way that a number would go: into a row, and so into the log of writes.
        var places = filesWith(NAME);
        assertThat(places).anyMatch(it -> it.toString().contains("pg_wal"));
        assertThat(places).anyMatch(it -> it.toString().contains("/base/"));

        var found = new ArrayList<String>();
        var searched = 0;
        for (var file : files()) {
            var content = latin1(Files.readAllBytes(file));
            searched++;
            search(content, codes).forEach(it -> found.add(it + " in " + file));
        }
        search(latin1(dump), codes).forEach(it -> found.add(it + " in the dump"));
        assertThat(found).isEmpty();
        // A data directory has about a thousand files, and a log of its writes.
        assertThat(searched).isGreaterThan(500);
        assertThatNoCardNumberIsIn(service.log());
        assertThatNoCardNumberIsIn(service.postgres().log());
    }

    /** Returns the codes that were sent, and the PIN. */
    private List<String> addTheCardOnAllWays() throws Exception {
        var phone = Phones.next();
        anna = client.signIn(phone);
        var signInCode = codeOf(phone);
        assertThat(add("early", number, "Anna").statusCode()).isEqualTo(422);
        var me =
                client.answer(
                        request("/v1/me")
                                .method(
                                        "PATCH",
                                        BodyPublishers.ofString(
                                                "{\"displayName\":\""
                                                        + NAME
                                                        + "\","
                                                        + "\"birthDate\":\"1990-05-17\"}")));
        assertThat(me.statusCode()).isEqualTo(200);

        var pin =
                client.answer(
                        request("/v1/me/pin")
                                .PUT(BodyPublishers.ofString("{\"pin\":\"" + PIN + "\"}")));
        assertThat(pin.statusCode()).as(pin.body()).isEqualTo(204);

        var wrong = number.substring(0, 14) + (char) ('0' + (number.charAt(14) - '0' + 1) % 10);
        assertThat(add("wrong", wrong, "Anna").statusCode()).isEqualTo(422);
        assertThat(post("half", body(number, "Anna").replace("}", "")).statusCode()).isEqualTo(400);
        assertThat(post("type", body(number, "Anna").replace("12,", "\"x\",")).statusCode())
                .isEqualTo(400);
        var added = add("k", number, "Anna");
        assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
        assertThat(add("k", number, "Anna").body()).isEqualTo(added.body());
        assertThat(add("k", number, "Boris").statusCode()).isEqualTo(422);
        assertThat(add("again", number, "Anna").body()).contains("card-duplicate");

        var path = "/v1/cards/" + Client.json(added).path("id").textValue() + "/verification";
        var code = codeOf(phone);
        var other = code.equals("111111") ? "222222" : "111111";
        assertThat(verify(path, other).statusCode()).isEqualTo(422);
        resend(path);
        var second = codeOf(phone);
        assertThat(verify(path, second).statusCode()).isEqualTo(200);
        // Declined, which leaves a row behind, and removed, which does as well.
        assertThat(client.post("/v1/sandbox/processor/faults", DECLINE).statusCode())
                .isEqualTo(204);
        remove(added);
        assertThat(add("declined", number, "Anna").body()).contains("card-declined");
        assertThat(add("declined", number, "Anna").body()).contains("card-declined");
        var again = add("anew", number, "Anna");
        assertThat(again.statusCode()).as(again.body()).isEqualTo(201);
        var third = codeOf(phone);
        remove(again);
        assertThat(add("anew", number, "Anna").body()).isEqualTo(again.body());
        return List.of(signInCode, code, second, third, PIN);
    }

    /** The gap before another code is half a minute, which a sandbox may skip. */
    private void resend(String path) throws Exception {
        var clock = client.post("/v1/sandbox/clock", "{\"advance\":\"PT31S\"}");
        assertThat(clock.statusCode()).as(clock.body()).isEqualTo(200);
        var resent = client.answer(request(path + "/resend").POST(BodyPublishers.noBody()));
        assertThat(resent.statusCode()).as(resent.body()).isEqualTo(202);
    }

    private void remove(HttpResponse<String> added) throws Exception {
        var path = "/v1/cards/" + Client.json(added).path("id").textValue();
        assertThat(client.answer(request(path).DELETE()).statusCode()).isEqualTo(204);
    }

    private String codeOf(String phone) throws Exception {
        var messages = client.get("/v1/sandbox/messages?phone=%2B" + phone.substring(1));
        return Client.json(messages).at("/items/0/code").textValue();
    }

    private HttpResponse<String> verify(String path, String code) throws Exception {
        return client.answer(
                request(path).POST(BodyPublishers.ofString("{\"code\":\"" + code + "\"}")));
    }

    private HttpResponse<String> add(String key, String digits, String holder) throws Exception {
        return post(key, body(digits, holder));
    }

    private HttpResponse<String> post(String key, String body) throws Exception {
        return client.answer(
                request("/v1/cards")
                        .header("Idempotency-Key", key)
                        .POST(BodyPublishers.ofString(body)));
    }

    private java.net.http.HttpRequest.Builder request(String path) {
        return client.request(path)
                .header("Authorization", "Bearer " + anna.accessToken())
                .header("Content-Type", "application/json");
    }

    private String body(String digits, String holder) {
        return "{\"number\":\"%s\",\"expiryMonth\":12,\"expiryYear\":2035,\"cvc\":\"%s\",\"holder\":\"%s\"}"
                .formatted(digits, cvc, holder);
    }

    private List<Path> filesWith(String text) throws IOException {
        var found = new ArrayList<Path>();
        for (var file : files()) {
            if (latin1(Files.readAllBytes(file)).contains(text)) {
                found.add(file);
            }
        }
        return found;
    }

    /** All but PostgreSQL's programs. */
    private List<Path> files() throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(it -> !it.toString().contains("/binaries-"))
                    .toList();
        }
    }

    /** Every row of every table, as pg_dump writes them, which PostgreSQL's bundle has not. */
    private byte[] dump() throws SQLException, IOException {
        try (var connection = service.postgres().connect(Role.SUPERUSER)) {
            var dump = new ByteArrayOutputStream();
            for (var table : tables(connection)) {
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyOut("copy public." + table + " to stdout", dump);
            }
            return dump.toByteArray();
        }
    }

    private static List<String> tables(Connection connection) throws SQLException {
        var tables = new ArrayList<String>();
        try (var select = connection.createStatement();
                var rows =
                        select.executeQuery(
                                "select tablename from pg_tables where schemaname = 'public'")) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        assertThat(tables).contains("card", "card_enrolment", "outbox", "inbox_message");
        return tables;
    }

    private List<String> search(String content, List<String> codes) {
        var found = new ArrayList<String>();
        forms().forEach(
                        (form, bytes) -> {
                            if (content.contains(bytes)) {
                                found.add("the number, " + form);
                            }
                        });
        if (isByItself(cvc, content) || content.contains(hex(cvc))) {
            found.add("the code on the card");
        }
        for (var code : codes) {
            if (isByItself(code, content)) {
                found.add("a code");
            }
        }
        return found;
    }

    private static boolean isByItself(String digits, String content) {
        for (var at = content.indexOf(digits); at >= 0; at = content.indexOf(digits, at + 1)) {
            var before = at == 0 ? ' ' : content.charAt(at - 1);
            var after = at + digits.length();
            if (!isWithinSomething(before)
                    && (after == content.length() || !isWithinSomething(content.charAt(after)))) {
                return true;
            }
        }
        return false;
    }

    /** Letters, digits, the point before the fraction of a second, and what is no text at all. */
    private static boolean isWithinSomething(char neighbour) {
        return neighbour == '.' || neighbour >= 128 || Character.isLetterOrDigit(neighbour);
    }

    /** All that a program might make of it by accident. */
    private Map<String, String> forms() {
        var forms = new LinkedHashMap<String, String>();
        forms.put("plain", number);
        for (var separator : List.of(" ", "-", ".", "_")) {
            // As American Express groups its own, and as everybody else does.
            forms.put(
                    "in groups of its own by " + separator,
                    String.join(
                            separator,
                            number.substring(0, 4),
                            number.substring(4, 10),
                            number.substring(10)));
            forms.put(
                    "in fours by " + separator,
                    String.join(separator, number.split("(?<=\\G.{4})")));
        }
        forms.put("without its check digit", number.substring(0, 14));
        forms.put("in hex", hex(number));
        forms.put("in upper case hex", hex(number).toUpperCase(java.util.Locale.ROOT));
        forms.put("as hex of the number", Long.toHexString(Long.parseLong(number)));
        forms.put("in UTF-16", latin1(number.getBytes(StandardCharsets.UTF_16LE)));
        forms.put("packed", latin1(HexFormat.of().parseHex("0" + number)));
        for (var order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            var eight = ByteBuffer.allocate(8).order(order).putLong(Long.parseLong(number));
            forms.put("as an integer, " + order, latin1(eight.array()));
        }
        // Wherever it stands in what was encoded: its middle is the same in one of three ways.
        for (var shift = 0; shift < 3; shift++) {
            var encoded =
                    Base64.getEncoder()
                            .encodeToString(
                                    ("x".repeat(shift) + number).getBytes(StandardCharsets.UTF_8));
            forms.put("in base64, shifted by " + shift, encoded.substring(4, 16));
        }
        forms.put("backwards", new StringBuilder(number).reverse().toString());
        return forms;
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** One character per byte, whatever the bytes are. */
    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static void assertThatNoCardNumberIsIn(String log) {
        var runs = DIGITS.matcher(log);
        while (runs.find()) {
            var digits = runs.group().replaceAll("[ -]", "");
            assertThat(isChecked(digits)).as("the log has a card number: " + digits).isFalse();
        }
    }

    /** American Express: its codes have four digits, so that one is rarer by chance. */
    private static String newNumber() {
        var random = new Random();
        var digits = new StringBuilder("37");
        while (digits.length() < 14) {
            digits.append(random.nextInt(10));
        }
        for (var check = 0; ; check++) {
            if (isChecked(digits.toString() + check)) {
                return digits.toString() + check;
            }
        }
    }

    private static boolean isChecked(String digits) {
        var sum = 0;
        for (var place = 0; place < digits.length(); place++) {
            var digit = digits.charAt(digits.length() - 1 - place) - '0';
            var counted = place % 2 == 0 ? digit : 2 * digit;
            sum += counted > 9 ? counted - 9 : counted;
        }
        return sum % 10 == 0;
    }
}
