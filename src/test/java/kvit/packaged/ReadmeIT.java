package kvit.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README tells newcomers to try does what the README says. */
class ReadmeIT {

    @TempDir Path folder;

    @Test
    void theWalkSendsMoneyAndTheBooksBalance() throws Exception {
        try (var service = Service.onBareMachineIn(folder).start()) {
            var first = walk(service);
            assertThat(balancesOf("Anna", first)).containsExactly(87_50L, 90_00L);
            assertThat(balancesOf("Ben", first)).containsExactly(12_50L, 10_00L);
            assertThat(first)
                    .containsSubsequence("It is requires_confirmation.", "It is completed.");
            assertThat(balancesOf("Alan", first)).containsExactly(960_00L);
            assertThat(balancesOf("Joan", first)).containsExactly(40_00L);
            assertThat(first).last().asString().contains("\"balanced\":true");

            // "as often as you like"
            var second = walk(service);
            assertThat(balancesOf("Anna", second)).containsExactly(177_50L, 180_00L);
            assertThat(balancesOf("Ben", second)).containsExactly(22_50L, 20_00L);
            assertThat(balancesOf("Alan", second)).containsExactly(920_00L);
            assertThat(balancesOf("Joan", second)).containsExactly(80_00L);
            assertThat(second).last().asString().contains("\"balanced\":true");
        }
    }

    /** Returns what it prints. */
    private List<String> walk(Service service) throws Exception {
        var script = Files.writeString(folder.resolve("walk.sh"), script());
        var builder = new ProcessBuilder("bash", script.toString()).directory(folder.toFile());
        builder.environment().put("KVIT", service.address().toString());
        var bash = builder.redirectErrorStream(true).start();
        bash.getOutputStream().close();
        var output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(bash.exitValue()).as(output).isZero();
        return output.lines().toList();
    }

    /** The first one below the heading, and before the next heading. */
    private static String script() throws IOException {
        var lines = Files.readAllLines(Path.of("README.md"));
        var section =
                lines.stream()
                        .dropWhile(line -> !line.startsWith("## Send money"))
                        .skip(1)
                        .takeWhile(line -> !line.startsWith("## "))
                        .toList();
        assertThat(section).contains("```bash");
        return section.stream()
                .dropWhile(line -> !line.equals("```bash"))
                .skip(1)
                .takeWhile(line -> !line.equals("```"))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** One for each time that the walk looks. */
    private static List<Long> balancesOf(String name, List<String> output) {
        return output.stream()
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> Client.json(line.substring(name.length() + 2)))
                .map(balances -> balances.at("/items/0/balance/minor").longValue())
                .toList();
    }
}
