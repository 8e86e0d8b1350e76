package kvit.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.File;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kvit.support.KvitTest;
import kvit.support.Phones;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a front end was not registered for, nobody does through it. */
@KvitTest
class ScopeTest {

    private static final AtomicInteger NEXT = new AtomicInteger();

    @Inject RegisterClient register;
    @Inject ChangeClient change;

    /** An operation and the roles of which one is needed, as its annotations have it. */
    private record Operation(String verb, String path, Set<String> roles) {

        ValidatableResponse call(String accessToken) {
            var request =
                    RestAssured.given()
                            .header("Authorization", "Bearer " + accessToken)
                            .header("Idempotency-Key", UUID.randomUUID().toString())
                            // Of no use to anything but a stream, which has no end otherwise.
                            .header("Last-Event-ID", "none of ours");
            if (!verb.equals("GET") && !verb.equals("DELETE")) {
                request.contentType(ContentType.JSON).body("{}");
            }
            return request.request(verb, path.replaceAll("\\{\\w+}", UUID.randomUUID().toString()))
                    .then();
        }

        private static Stream<Operation> of(Class<?> resource) {
            return Arrays.stream(resource.getDeclaredMethods())
                    .flatMap(
                            method ->
                                    Arrays.stream(method.getAnnotations())
                                            .map(Annotation::annotationType)
                                            .filter(it -> it.isAnnotationPresent(HttpMethod.class))
                                            .map(Class::getSimpleName)
                                            .map(
                                                    verb ->
                                                            new Operation(
                                                                    verb,
                                                                    pathOf(resource, method),
                                                                    rolesOf(resource, method))));
        }

        private static String pathOf(Class<?> resource, Method method) {
            return Stream.<AnnotatedElement>of(resource, method)
                    .map(it -> it.getAnnotation(Path.class))
                    .filter(it -> it != null)
                    .map(it -> "/" + it.value().replaceFirst("^/", ""))
                    .collect(Collectors.joining());
        }

        private static Set<String> rolesOf(Class<?> resource, Method method) {
            return Stream.<AnnotatedElement>of(method, resource)
                    .map(it -> it.getAnnotation(RolesAllowed.class))
                    .filter(it -> it != null)
                    .findFirst()
                    .map(it -> Set.of(it.value()))
                    .orElse(Set.of());
        }
    }

    private static final java.nio.file.Path CLASSES = java.nio.file.Path.of("target", "classes");

    private static List<Operation> operations;

    @BeforeAll
    static void findOperations() throws IOException {
        try (var files = Files.walk(CLASSES.resolve("kvit"))) {
            operations =
                    files.filter(it -> it.toString().endsWith(".class"))
                            .map(ScopeTest::load)
                            .filter(it -> it.isAnnotationPresent(Path.class))
                            .flatMap(Operation::of)
                            .toList();
        }
    }

    private static Class<?> load(java.nio.file.Path file) {
        var name = CLASSES.relativize(file).toString().replace(File.separatorChar, '.');
        try {
            return Class.forName(
                    name.replaceFirst("\\.class$", ""),
                    false,
                    Thread.currentThread().getContextClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    static Set<String> scopes() {
        return Scope.ALL;
    }

    @ParameterizedTest
    @MethodSource("scopes")
    void whatTheFrontEndWasNotRegisteredForIsForbiddenAndAllElseIsNot(String missing) {
        var others = new TreeSet<>(Scope.ALL);
        others.remove(missing);
        var accessToken = signIn(aClient(others));

        var forbidden =
                operations.stream().filter(it -> it.roles().equals(Set.of(missing))).toList();
        assertThat(forbidden).isNotEmpty();
        for (var operation : forbidden) {
            operation.call(accessToken).statusCode(403).body("code", equalTo("forbidden"));
        }
        for (var operation : operations) {
            if (operation.roles().stream().anyMatch(others::contains)) {
                assertThat(operation.call(accessToken).extract().statusCode())
                        .as(operation.toString())
                        .isNotIn(401, 403, 500);
            }
        }
    }

    /** Whoever adds an operation for everybody says so here. */
    @Test
    void everyOperationOfACustomerNeedsAScopeExceptSigningOut() {
        assertThat(operations)
                .filteredOn(it -> it.roles().contains(Caller.CUSTOMER))
                .extracting(it -> it.verb() + " " + it.path())
                .containsExactly("DELETE /v1/sessions/current");
    }

    @Test
    void signingOutIsPossibleThroughAFrontEndThatMayDoNothing() {
        var accessToken = signIn(aClient(Set.of()));
        for (var operation : operations) {
            if (operation.roles().stream().anyMatch(Scope.ALL::contains)) {
                operation.call(accessToken).statusCode(403);
            }
        }

        new Operation("DELETE", "/v1/sessions/current", Set.of()).call(accessToken).statusCode(204);
    }

    @Test
    void aChangeOfScopesHoldsFromTheNextAccessTokenOn() {
        var client = aClient(Scope.ALL);
        var frontEnd = new FrontEnd(client, null);
        var tokens = frontEnd.signIn(Phones.next());
        var balances = new Operation("GET", "/v1/me/balances", Set.of());

        change.change(new ChangeClient.Change(client, null, Set.of(Scope.PROFILE), null, null));

        balances.call(tokens.getString("accessToken")).statusCode(200);
        var narrower =
                frontEnd.refresh(tokens.getString("refreshToken"))
                        .statusCode(200)
                        .extract()
                        .<String>path("accessToken");
        balances.call(narrower).statusCode(403).body("code", equalTo("forbidden"));
        new Operation("GET", "/v1/me", Set.of()).call(narrower).statusCode(200);
    }

    @Test
    void everyScopeIsAsked() {
        assertThat(operations.stream().flatMap(it -> it.roles().stream())).containsAll(Scope.ALL);
        assertThat(operations.stream().map(Operation::path).collect(Collectors.toSet()))
                .contains("/v1/transfers/{id}/refunds", "/v1/sessions/{id}", "/v1/quotes");
    }

    private String aClient(Set<String> scopes) {
        var id = "scope-test-" + NEXT.getAndIncrement();
        register.register(
                new RegisterClient.Registration(
                        id, "A front end", "web", "FR", false, scopes, Set.of()));
        return id;
    }

    private static String signIn(String client) {
        return new FrontEnd(client, null).signIn(Phones.next()).getString("accessToken");
    }
}
