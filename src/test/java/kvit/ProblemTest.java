package kvit;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kvit.problem.ProblemType;
import org.junit.jupiter.api.Test;

/** Errors are part of the API: each one has a name of its own, a sensible status and a page. */
class ProblemTest {

    private static final List<ProblemType> ALL = all();

    private static List<ProblemType> all() {
        var all = new ArrayList<ProblemType>();
        new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests()).importPackages("kvit").stream()
                        .filter(it -> it.isEnum() && it.isAssignableTo(ProblemType.class))
                        .sorted((one, other) -> one.getName().compareTo(other.getName()))
                        .forEach(
                                it ->
                                        all.addAll(
                                                List.of(
                                                        (ProblemType[])
                                                                it.reflect().getEnumConstants())));
        return all;
    }

    @Test
    void everyProblemHasANameOfItsOwn() {
        assertThat(ALL).hasSizeGreaterThan(20);
        assertThat(ALL).extracting(ProblemType::code).doesNotHaveDuplicates();
    }

    @Test
    void everyProblemHasASensibleStatus() {
        assertThat(ALL)
                .allSatisfy(
                        it ->
                                assertThat(it.status())
                                        .isIn(
                                                400, 401, 403, 404, 405, 406, 409, 413, 415, 422,
                                                429, 500, 503));
        assertThat(ALL).allSatisfy(it -> assertThat(it.title()).isNotBlank().doesNotEndWith("."));
    }

    /** Both ways: no problem without a page, and no page without a problem. */
    @Test
    void everyProblemIsDocumentedWithItsStatus() throws IOException {
        var document = Files.readString(Path.of("docs/problems.md"));
        var documented =
                document.lines()
                        .filter(it -> it.startsWith("## "))
                        .map(it -> it.substring(3))
                        .toList();

        assertThat(documented)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(ALL.stream().map(ProblemType::code).toList());
        for (var problem : ALL) {
            var section =
                    document.split("(?m)^## " + problem.code() + "$", 2)[1].split("(?m)^## ", 2)[0];
            assertThat(section).as(problem.code()).contains(String.valueOf(problem.status()));
        }
    }
}
