package kvit.closing;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import kvit.card.Desk;
import kvit.support.Phones;
import kvit.support.Sql;
import kvit.support.TestClock;
import kvit.support.TestPerson;
import org.jspecify.annotations.Nullable;

/** People who close their account, and what closes it. */
@Singleton
class Leaver {

    static final String PATH = "/v1/me/closing";
    static final String PIN = "739164";

    private final CarryOutClosings closings;

    Leaver(CarryOutClosings closings) {
        this.closings = closings;
    }

    /** Somebody in France with that name. */
    static TestPerson named(String name, long cents) {
        var person = TestPerson.signIn(Phones.next("FR"));
        Desk.patch(
                person,
                Map.of(
                        "displayName",
                        name,
                        "handle",
                        name.toLowerCase(),
                        "birthDate",
                        "1990-05-17"));
        if (cents > 0) {
            person.fund(cents, "EUR");
        }
        return person;
    }

    static ValidatableResponse close(TestPerson person, @Nullable UUID card, @Nullable String pin) {
        var body = new HashMap<String, Object>();
        body.put("cardId", card);
        body.put("pin", pin);
        return person.request().contentType(ContentType.JSON).body(body).put(PATH).then();
    }

    static ValidatableResponse close(TestPerson person) {
        return close(person, null, null).statusCode(200);
    }

    /** Until it may be closed; tokens of before are too old then. */
    static void letTimePass() {
        TestClock.advance(Duration.ofMinutes(61));
    }

    /** The next step, whose turn it may have been anyway. */
    void carryOut(TestPerson person) {
        closings.carryOut(person.id());
    }

    /** From beginning to end, with nothing left of theirs. */
    void leave(TestPerson person) {
        close(person);
        letTimePass();
        carryOut(person);
    }

    static String state(TestPerson person) {
        return Sql.value(
                "select state from closing where customer = ? order by id desc limit 1",
                person.id());
    }

    static String customerState(TestPerson person) {
        return Sql.value("select state from customer where id = ?", person.id());
    }
}
