package kvit.problem;

import static kvit.problem.GeneralProblem.BODY_MALFORMED;
import static kvit.problem.GeneralProblem.BODY_TOO_LARGE;
import static kvit.problem.GeneralProblem.FORBIDDEN;
import static kvit.problem.GeneralProblem.INTERNAL_ERROR;
import static kvit.problem.GeneralProblem.MEDIA_TYPE_NOT_SUPPORTED;
import static kvit.problem.GeneralProblem.METHOD_NOT_ALLOWED;
import static kvit.problem.GeneralProblem.NOT_ACCEPTABLE;
import static kvit.problem.GeneralProblem.NOT_FOUND;
import static kvit.problem.GeneralProblem.UNAUTHENTICATED;
import static kvit.problem.GeneralProblem.UNAVAILABLE;
import static kvit.problem.GeneralProblem.VALIDATION_FAILED;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.validation.ValidationException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.CharConversionException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import kvit.problem.GeneralProblem.FieldError;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * The one door through which every failure leaves: as a problem, with nothing of our insides in it.
 */
class ProblemMapper {

    private static final Logger LOG = Logger.getLogger(ProblemMapper.class);

    private final RequestIds requestIds;

    ProblemMapper(RequestIds requestIds) {
        this.requestIds = requestIds;
    }

    /**
     * The listed ones have mappers of the framework's own, which only a mapper of the same type
     * replaces.
     */
    @ServerExceptionMapper({
        Throwable.class,
        WebApplicationException.class,
        ValidationException.class,
        ConstraintViolationException.class,
        MismatchedInputException.class,
        AuthenticationFailedException.class,
        UnauthorizedException.class,
        ForbiddenException.class
    })
    public RestResponse<ProblemBody> map(Throwable failure) {
        var problem = problemOf(failure);
        if (problem.type() == INTERNAL_ERROR) {
            LOG.error("request failed", failure);
        } else if (problem.type() == UNAVAILABLE && !(failure instanceof Problem)) {
            // A refusal on purpose is no accident, and comes by the thousand when there is no room.
            LOG.warnf("unavailable: %s", failure);
        }
        return answer(problem, requestIds.current());
    }

    private static RestResponse<ProblemBody> answer(Problem problem, String requestId) {
        var response =
                RestResponse.ResponseBuilder.<ProblemBody>create(problem.type().status())
                        .entity(ProblemBody.of(problem, requestId))
                        .type(MediaType.valueOf(ProblemBody.MEDIA_TYPE));
        var retryAfter = problem.members().get(Problem.RETRY_AFTER);
        if (retryAfter != null) {
            response.header(HttpHeaders.RETRY_AFTER, retryAfter);
        }
        if (problem.type().status() == 401) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        return response.build();
    }

    private static Problem problemOf(Throwable failure) {
        // Refusals first: the reader of bodies and the transaction manager wrap what they meet.
        var causes = Causes.of(failure);
        for (var cause : causes) {
            if (cause instanceof Problem problem) {
                return problem;
            }
        }
        for (var cause : causes) {
            if (cause instanceof JsonProcessingException json) {
                return ofJson(json);
            }
            if (Outage.is(cause)) {
                return UNAVAILABLE
                        .because("Not possible right now; the same request may be repeated.")
                        .retryAfter(Duration.ofSeconds(1));
            }
        }
        if (failure instanceof ConstraintViolationException violations) {
            return ofViolations(violations);
        }
        if (failure instanceof AuthenticationFailedException
                || failure instanceof UnauthorizedException) {
            return UNAUTHENTICATED.because("A valid access token is needed.");
        }
        if (failure instanceof ForbiddenException) {
            return FORBIDDEN.because("This access token does not allow it.");
        }
        if (failure instanceof WebApplicationException http) {
            return ofStatus(http.getResponse().getStatus());
        }
        return INTERNAL_ERROR.because(
                "It is not your request. We have a record under this request id.");
    }

    private static Problem ofStatus(int status) {
        return switch (status) {
            case 400 -> VALIDATION_FAILED.because("The request could not be read.");
            case 401 -> UNAUTHENTICATED.because("A valid access token is needed.");
            case 403 -> FORBIDDEN.because("This access token does not allow it.");
            case 404 -> NOT_FOUND.because("There is no such thing, or it is not yours.");
            case 405 -> METHOD_NOT_ALLOWED.because("The contract is at /q/openapi.");
            case 406 -> NOT_ACCEPTABLE.because("Answers are application/json.");
            case 413 -> BODY_TOO_LARGE.because("A body has at most 64 KB.");
            case 415 ->
                    MEDIA_TYPE_NOT_SUPPORTED.because(
                            "Send Content-Type: application/json; text/csv or application/xml where"
                                    + " it is a settlement file.");
            default -> INTERNAL_ERROR.because("We have a record under this request id.");
        };
    }

    private static Problem ofJson(JsonProcessingException json) {
        // What cannot be read as JSON comes wrapped in where it stood, as if a field were wrong.
        for (var cause : Causes.of(json)) {
            if (cause instanceof StreamConstraintsException) {
                return BODY_MALFORMED.because(
                        "The JSON is nested too deeply or holds too long a value.");
            }
            if (cause instanceof StreamReadException || cause instanceof CharConversionException) {
                return BODY_MALFORMED.because("The JSON cannot be read, or names a field twice.");
            }
        }
        if (json instanceof UnrecognizedPropertyException unknown) {
            return GeneralProblem.invalid(pointer(unknown), "is not a field of this request");
        }
        if (json instanceof MismatchedInputException mismatch) {
            var ours = "kvit.money.Money".equals(targetOf(mismatch));
            return GeneralProblem.invalid(
                    pointer(mismatch), ours ? mismatch.getOriginalMessage() : "has a wrong form");
        }
        if (json instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
            return GeneralProblem.invalid(pointer(mapping), "has a wrong form");
        }
        return BODY_MALFORMED.because("The JSON cannot be read, or names a field twice.");
    }

    private static String targetOf(MismatchedInputException mismatch) {
        return mismatch.getTargetType() == null ? "" : mismatch.getTargetType().getName();
    }

    private static String pointer(JsonMappingException mapping) {
        var pointer = new StringBuilder();
        for (var step : mapping.getPath()) {
            pointer.append('/')
                    .append(step.getFieldName() == null ? step.getIndex() : step.getFieldName());
        }
        return pointer.isEmpty() ? "/" : pointer.toString();
    }

    private static Problem ofViolations(ConstraintViolationException violations) {
        var errors =
                violations.getConstraintViolations().stream()
                        .map(it -> new FieldError(pointer(it), it.getMessage()))
                        .sorted(Comparator.comparing(FieldError::pointer))
                        .toList();
        var first = errors.isEmpty() ? List.of() : errors.get(0);
        return VALIDATION_FAILED
                .because(
                        first instanceof FieldError error
                                ? error.pointer() + " " + error.message()
                                : "The request is not valid.")
                .with("errors", errors);
    }

    /** The path begins with the method and its parameter, which the caller does not know of. */
    private static String pointer(ConstraintViolation<?> violation) {
        var pointer = new StringBuilder();
        for (Path.Node node : violation.getPropertyPath()) {
            if (node.getKind() == ElementKind.PROPERTY) {
                pointer.append('/').append(node.getName());
            }
        }
        return pointer.isEmpty() ? "/" : pointer.toString();
    }
}
