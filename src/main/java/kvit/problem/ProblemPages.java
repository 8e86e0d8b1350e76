package kvit.problem;

import static kvit.problem.GeneralProblem.NOT_FOUND;

import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The page behind a problem's type: its section of docs/problems.md. */
@Path("/problems")
@Tag(name = "Problems")
@PermitAll
class ProblemPages {

    private static final String DOCUMENT = "/docs/problems.md";
    private static final String HEADING = "## ";
    private static final Pattern CODE = Pattern.compile("[a-z-]+");
    private static final Pattern SECTIONS = Pattern.compile("^" + HEADING, Pattern.MULTILINE);

    private final Map<String, String> pages = new HashMap<>();

    ProblemPages() {
        var parser = Parser.builder().build();
        var renderer = HtmlRenderer.builder().escapeHtml(true).build();
        for (var section : SECTIONS.splitAsStream(read()).toList()) {
            var code = section.lines().findFirst().orElse("").strip();
            if (CODE.matcher(code).matches()) {
                pages.put(code, page(code, renderer.render(parser.parse(HEADING + section))));
            }
        }
    }

    @GET
    @Path("{code}")
    @Produces(MediaType.TEXT_HTML + ";charset=UTF-8")
    @Operation(
            operationId = "getProblemPage",
            summary = "What a problem means and what to do about it")
    public String page(String code) {
        var page = pages.get(code);
        if (page == null) {
            throw NOT_FOUND.because("No problem has this code.");
        }
        return page;
    }

    private static String page(String code, String body) {
        return """
                <!doctype html>
                <html lang="en">
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width">
                <title>%s</title>
                <style>body { font: 1rem/1.5 system-ui; max-width: 40rem; margin: 3rem auto }</style>
                %s</html>
                """
                .formatted(code, body);
    }

    private static String read() {
        try (InputStream document = ProblemPages.class.getResourceAsStream(DOCUMENT)) {
            return new String(
                    Objects.requireNonNull(document, DOCUMENT).readAllBytes(),
                    StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
