package kvit.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class PostgresBinariesTest {
    @TempDir private Path parent;

    @Test
    void filesKeepWhetherTheyAreExecutableAndLinksStayLinks() throws IOException {
        TarArchiveEntry program = new TarArchiveEntry("bin/program");
        program.setMode(0755);
        TarArchiveEntry text = new TarArchiveEntry("share/text");
        text.setMode(0644);

        Path folder = unpack(program, text, link("bin/alias", "program"));

        assertThat(folder.resolve("bin/program")).isExecutable();
        assertThat(folder.resolve("share/text").toFile().canExecute()).isFalse();
        assertThat(folder.resolve("bin/alias")).isSymbolicLink().exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../escaped", "bin/../../escaped"})
    void anEntryThatLeadsOutOfTheFolderIsRefused(String name) {
        assertThatThrownBy(() -> unpack(new TarArchiveEntry(name)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("leads out of its folder");
        assertThat(parent.resolve("escaped")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "/etc", "bin/../../escaped"})
    void aLinkThatLeadsOutOfTheFolderIsRefused(String destination) {
        assertThatThrownBy(() -> unpack(link("alias", destination)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("leads out of its folder");
    }

    private Path unpack(TarArchiveEntry... entries) throws IOException {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar =
                new TarArchiveOutputStream(new XZOutputStream(archive, new LZMA2Options(0)))) {
            for (TarArchiveEntry entry : entries) {
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
            }
        }
        Path folder = parent.resolve("unpacked");
        PostgresBinaries.unpack(new ByteArrayInputStream(archive.toByteArray()), folder);
        return folder;
    }

    private static TarArchiveEntry link(String name, String destination) {
        TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
        entry.setLinkName(destination);
        return entry;
    }
}
