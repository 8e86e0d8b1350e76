package kvit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Style that can be checked is checked. */
class TidyTest {

    private static final int COLUMNS_MAX = 110;

    /** Written in two parts, or this file would find itself. */
    private static final Pattern UNFINISHED =
            Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK)\\b");

    /** A test that is switched off checks nothing. */
    private static final Pattern SWITCHED_OFF =
            Pattern.compile("@Dis" + "abled|@Ig" + "nore\\b|assume" + "True\\(false");

    /** Migrations that were released; a mistake in one of them is mended by the next. */
    private static final Path CHECKSUMS = Path.of("migrations", "released.sha256");

    @Test
    void linesFitAScreen() throws IOException {
        assertNoLine(
                "wider than " + COLUMNS_MAX, it -> it.codePointCount(0, it.length()) > COLUMNS_MAX);
    }

    @Test
    void nothingIsLeftUnfinished() throws IOException {
        assertNoLine("unfinished", it -> UNFINISHED.matcher(it).find());
        assertNoLine("switched off", it -> SWITCHED_OFF.matcher(it).find());
    }

    @Test
    void nothingIsPrinted() throws IOException {
        try (var files = Files.walk(Path.of("src/main/java/kvit"))) {
            assertThat(files.filter(it -> it.toString().endsWith(".java")))
                    .filteredOn(it -> !it.startsWith("src/main/java/kvit/boot"))
                    .allSatisfy(
                            it ->
                                    assertThat(it)
                                            .content()
                                            .doesNotContain(
                                                    "System.out", "System.err", "printStackTrace"));
        }
    }

    @Test
    void migrationsAreNumberedWithoutGaps() throws IOException {
        var numbers =
                migrations().stream()
                        .map(it -> it.getFileName().toString().substring(0, 5))
                        .toList();

        assertThat(numbers).isNotEmpty();
        for (var i = 0; i < numbers.size(); i++) {
            assertThat(numbers.get(i)).isEqualTo("V%03d_".formatted(i + 1));
        }
    }

    /**
     * Each line of the list is a checksum and a file; a file that is not in it is not released yet.
     */
    @Test
    void releasedMigrationsAreNeverChanged() throws Exception {
        for (var line : Files.readAllLines(CHECKSUMS)) {
            if (line.startsWith("#") || line.isBlank()) {
                continue;
            }
            var parts = line.split(" +", 2);
            var digest = MessageDigest.getInstance("SHA-256");
            var file = CHECKSUMS.resolveSibling(parts[1]);
            assertThat(HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file))))
                    .as(parts[1])
                    .isEqualTo(parts[0]);
        }
    }

    private static List<Path> migrations() throws IOException {
        try (var files = Files.list(Path.of("migrations"))) {
            return files.filter(it -> it.toString().endsWith(".sql")).sorted().toList();
        }
    }

    private static void assertNoLine(String fault, java.util.function.Predicate<String> isFaulty)
            throws IOException {
        try (var files =
                Stream.of("src", "migrations")
                        .map(Path::of)
                        .flatMap(TidyTest::walk)
                        .filter(it -> it.toString().matches(".*\\.(java|sql)"))) {
            for (var file : (Iterable<Path>) files::iterator) {
                var lines = Files.readAllLines(file);
                for (var i = 0; i < lines.size(); i++) {
                    assertThat(isFaulty.test(lines.get(i)))
                            .as("%s:%d is %s", file, i + 1, fault)
                            .isFalse();
                }
            }
        }
    }

    private static Stream<Path> walk(Path directory) {
        try {
            return Files.walk(directory);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
