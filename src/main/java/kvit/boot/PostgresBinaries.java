package kvit.boot;

import com.sun.security.auth.module.UnixSystem;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, unpacked from the class path into a folder named after their checksum. */
final class PostgresBinaries {
    private static final String PREFIX = "binaries-";
    private static final int CHECKSUM_DIGITS = 16;

    private final Path folder;

    /** What a command has to begin with so that PostgreSQL agrees to run. */
    private final List<String> launcher;

    private PostgresBinaries(Path folder, List<String> launcher) {
        this.folder = folder;
        this.launcher = launcher;
    }

    /**
     * Unpacks what is not there yet, and clears away the binaries of other versions and the rest of
     * an unpacking that was interrupted: nothing may be running from this directory.
     */
    static PostgresBinaries unpackInto(Path directory) throws IOException {
        String archive = archive();
        Path folder = directory.resolve(PREFIX + checksum(archive));
        try (DirectoryStream<Path> others = Files.newDirectoryStream(directory, PREFIX + "*")) {
            for (Path other : others) {
                if (!other.equals(folder)) {
                    PrivateFiles.deleteTree(other);
                }
            }
        }
        if (!Files.exists(folder)) {
            Path temporary = directory.resolve(folder.getFileName() + ".tmp");
            try (InputStream in = open(archive)) {
                unpack(in, temporary);
            }
            Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
        }
        return new PostgresBinaries(folder, launcher());
    }

    /** Prepares a call of initdb or pg_ctl. */
    ProcessBuilder tool(String program, List<String> arguments) {
        return command(List.of(), program, arguments);
    }

    /**
     * Prepares a start of the server, in a session of its own where the system can do that: Ctrl-C
     * interrupts everything that runs in the terminal's session, and the server has to outlive the
     * requests that Kvit still finishes. (macOS has no such command; requests under way fail
     * there.)
     */
    ProcessBuilder server(List<String> arguments) {
        List<String> session = List.of("setsid");
        return command(works(session) ? session : List.of(), "postgres", arguments);
    }

    private ProcessBuilder command(List<String> prefix, String program, List<String> arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(launcher);
        command.add(folder.resolve("bin").resolve(program).toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        // Variables like PGPORT and PGDATA are meant for somebody else's PostgreSQL.
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    private static String archive() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch", "");
        String name =
                switch ((system.startsWith("mac") ? "mac" : system) + " " + processor) {
                    case "linux amd64" -> "postgres-linux-x86_64";
                    case "linux aarch64" -> "postgres-linux-arm_64";
                    case "mac aarch64" -> "postgres-darwin-arm_64";
                    default ->
                            throw new Refusal(
                                    "There is no bundled PostgreSQL for %s on %s. %s"
                                            .formatted(system, processor, BundledPostgres.WAY_OUT));
                };
        return "/" + name + ".txz";
    }

    private static InputStream open(String archive) throws IOException {
        InputStream in = PostgresBinaries.class.getResourceAsStream(archive);
        if (in == null) {
            throw new IOException("The class path has no " + archive);
        }
        return in;
    }

    private static String checksum(String archive) throws IOException {
        try (DigestInputStream in =
                new DigestInputStream(open(archive), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            String digest = HexFormat.of().formatHex(in.getMessageDigest().digest());
            return digest.substring(0, CHECKSUM_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Unpacks a compressed tar file; an entry that leads out of the folder is an error. */
    static void unpack(InputStream archive, Path folder) throws IOException {
        PrivateFiles.createDirectories(folder);
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive)))) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                Path file = inside(folder, folder.resolve(entry.getName()));
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                    continue;
                }
                Files.createDirectories(file.resolve("..").normalize());
                if (entry.isSymbolicLink()) {
                    Path destination = Path.of(entry.getLinkName());
                    inside(folder, file.resolveSibling(destination));
                    Files.createSymbolicLink(file, destination);
                } else if (entry.isFile()) {
                    Files.copy(tar, file);
                    Files.setPosixFilePermissions(file, permissions(entry.getMode()));
                } else {
                    throw new IOException("Neither file, folder nor link: " + entry.getName());
                }
            }
        }
    }

    private static Path inside(Path folder, Path path) throws IOException {
        Path normal = path.normalize();
        if (!normal.startsWith(folder.normalize())) {
            throw new IOException("The archive leads out of its folder: " + path);
        }
        return normal;
    }

    /** Of the archive's modes only "executable" matters; everything is its owner's alone. */
    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions =
                EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        if ((mode & 0100) != 0) {
            permissions.add(PosixFilePermission.OWNER_EXECUTE);
        }
        return permissions;
    }

    /**
     * PostgreSQL refuses to run as root, which is what containers and rented machines often run as.
     * In a user namespace of its own it is nobody in particular, and so agrees.
     */
    private static List<String> launcher() throws IOException {
        List<String> launcher = new ArrayList<>();
        if (isRoot()) {
            launcher.addAll(List.of("unshare", "--user"));
            if (!works(launcher)) {
                throw new Refusal(
                        "PostgreSQL does not run as root, and this system refuses the way around it"
                                + " (unshare --user). Start Kvit as another user, or allow user"
                                + " namespaces. "
                                + BundledPostgres.WAY_OUT);
            }
        }
        return launcher;
    }

    private static boolean isRoot() {
        return new UnixSystem().getUid() == 0;
    }

    private static boolean works(List<String> launcher) {
        List<String> command = new ArrayList<>(launcher);
        command.add("true");
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
