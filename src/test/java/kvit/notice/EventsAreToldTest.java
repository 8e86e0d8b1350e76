package kvit.notice;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import kvit.identity.NoticeScopes;
import kvit.outbox.Event;
import org.junit.jupiter.api.Test;

/** A new event is told to somebody, or somebody has decided that it is not. */
class EventsAreToldTest {

    /** Wishes for a message or for work, which are somebody's only as that. */
    private static final Set<String> NOBODYS =
            Set.of("CodeRequested", "ConfirmationRequested", "MoneyArrived", "PayeeArrived");

    private static final Pattern TYPE = Pattern.compile("\"([a-z_]+\\.(?:[a-z_]+)?)\"");

    private static final List<JavaClass> KVIT =
            List.copyOf(
                    new ClassFileImporter()
                            .withImportOption(new DoNotIncludeTests())
                            .importPackages("kvit"));

    @Test
    void everyEventIsToldOrNobodys() {
        var events =
                KVIT.stream()
                        .filter(it -> it.isAssignableTo(Event.class) && !it.isInterface())
                        .map(JavaClass::getSimpleName)
                        .toList();
        var told = new HashSet<>(NOBODYS);
        for (var source : sources()) {
            source.tellings().forEach(it -> told.add(it.kind().getSimpleName()));
        }

        assertThat(events).hasSizeGreaterThan(30);
        assertThat(told).containsExactlyInAnyOrderElementsOf(events);
    }

    /**
     * By their sources, where they stand as texts: what a front end can rely on is written down.
     */
    @Test
    void everyTypeIsDocumentedAndNeedsAScope() throws IOException {
        var document = Files.readString(Path.of("docs/notices.md"));
        var types = new TreeSet<String>();
        for (var source : sources()) {
            var file =
                    Path.of(
                            "src/main/java",
                            source.getClass().getName().replace('.', '/') + ".java");
            var matches = TYPE.matcher(Files.readString(file));
            while (matches.find()) {
                types.add(matches.group(1));
            }
        }

        assertThat(types).hasSizeGreaterThan(25);
        assertThat(types)
                .allSatisfy(
                        it -> {
                            assertThat(document).contains("`" + it);
                            assertThat(NoticeScopes.of(it)).isPresent();
                        });
        assertThat(NoticeScopes.of("whatever.happened")).isEmpty();
    }

    private static List<NoticeSource> sources() {
        return KVIT.stream()
                .filter(it -> it.isAssignableTo(NoticeSource.class) && !it.isInterface())
                .filter(it -> !it.getName().contains("_"))
                .map(EventsAreToldTest::made)
                .toList();
    }

    private static NoticeSource made(JavaClass source) {
        try {
            var constructor = source.reflect().getDeclaredConstructor();
            constructor.setAccessible(true);
            return (NoticeSource) constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
