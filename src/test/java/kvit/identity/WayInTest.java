package kvit.identity;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalPoolInterceptor;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicInteger;
import kvit.support.KvitTest;
import kvit.support.TestPerson;
import org.junit.jupiter.api.Test;

/** What a request costs before anybody has looked at what it wants. */
@KvitTest
class WayInTest {

    /** Counts the connections that are taken for requests, and not those of jobs and polls. */
    @ApplicationScoped
    static class Taken implements AgroalPoolInterceptor {

        final AtomicInteger forRequests = new AtomicInteger();

        @Override
        public void onConnectionAcquire(Connection connection) {
            var isForRequest =
                    StackWalker.getInstance()
                            .walk(
                                    frames ->
                                            frames.map(StackWalker.StackFrame::getClassName)
                                                    .anyMatch(
                                                            it ->
                                                                    it.startsWith(
                                                                                    "org.jboss.resteasy.")
                                                                            || it.startsWith(
                                                                                    "io.quarkus.security.")));
            if (isForRequest) {
                forRequests.incrementAndGet();
            }
        }

        int count() {
            return forRequests.get();
        }
    }

    @Inject Taken taken;

    @Test
    void aPersonIsLetInWithoutAQuery() {
        var person = TestPerson.fresh();
        var before = taken.count();

        for (var i = 0; i < 20; i++) {
            // Refused for its missing key, right behind the door.
            given().header("Authorization", "Bearer " + person.accessToken())
                    .contentType("application/json")
                    .body("{}")
                    .post("/v1/transfers")
                    .then()
                    .statusCode(400);
        }

        assertThat(taken.count()).isEqualTo(before);
        person.get("/v1/me").statusCode(200);
        assertThat(taken.count()).isGreaterThan(before);
    }
}
