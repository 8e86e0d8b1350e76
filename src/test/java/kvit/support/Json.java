package kvit.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.response.ValidatableResponse;

/**
 * An answer read by Jackson, for what every test does many times: RestAssured compiles a Groovy
 * script for each path that it is asked for.
 */
final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static JsonNode of(ValidatableResponse answer) {
        try {
            return MAPPER.readTree(answer.extract().asString());
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON", e);
        }
    }
}
