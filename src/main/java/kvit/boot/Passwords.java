package kvit.boot;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** The passwords of the bundled PostgreSQL, which are made up once and kept next to its data. */
record Passwords(String superuser, String owner, String app) {

    static Passwords in(Path directory) throws IOException {
        Path file = directory.resolve("passwords");
        if (!Files.exists(file)) {
            if (Files.exists(directory.resolve("data"))) {
                throw new IOException("the data is there, but the file with its passwords is not");
            }
            Passwords fresh =
                    new Passwords(
                            RandomSecret.password(),
                            RandomSecret.password(),
                            RandomSecret.password());
            PrivateFiles.write(
                    file,
                    "superuser=%s\nowner=%s\napp=%s\n"
                            .formatted(fresh.superuser, fresh.owner, fresh.app));
        }
        Properties kept = new Properties();
        kept.load(new StringReader(Files.readString(file)));
        return new Passwords(
                kept.getProperty("superuser", ""),
                kept.getProperty("owner", ""),
                kept.getProperty("app", ""));
    }

    /** So that no log ever shows one. */
    @Override
    public String toString() {
        return "Passwords";
    }
}
