package kvit.books;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/** Writes rows one after the other, and keeps none. */
abstract class Lines {

    /** The names of the columns, before the first row. */
    abstract void header(List<String> columns) throws IOException;

    /** Numbers are numbers; everything else is text. */
    abstract void row(List<@Nullable Object> values) throws IOException;

    /**
     * Comma-separated values as of RFC 4180: a header, CRLF, quotes where they are needed.
     *
     * <p>Whoever opens it in a spreadsheet runs what looks like a formula, so text that begins like
     * one gets an apostrophe in front (OWASP, CSV Injection). Numbers are ours and stay numbers,
     * also below zero.
     */
    static final class Csv extends Lines {

        private static final String FORMULA = "=+-@\t\r\n";

        private final CSVPrinter printer;

        Csv(Writer out) throws IOException {
            this.printer = new CSVPrinter(out, CSVFormat.RFC4180);
        }

        @Override
        void header(List<String> columns) throws IOException {
            printer.printRecord(columns);
        }

        @Override
        void row(List<@Nullable Object> values) throws IOException {
            for (var value : values) {
                printer.print(value instanceof Number || value == null ? value : safe(value));
            }
            printer.println();
        }

        static String safe(Object value) {
            var text = value.toString();
            return !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        }
    }

    /** One JSON object a line. */
    static final class Json extends Lines {

        private final Writer out;
        private final ObjectMapper json;
        private List<String> columns = List.of();

        Json(Writer out, ObjectMapper json) {
            this.out = out;
            this.json = json;
        }

        @Override
        void header(List<String> names) {
            columns = names;
        }

        @Override
        void row(List<@Nullable Object> values) throws IOException {
            var object = new LinkedHashMap<String, @Nullable Object>();
            for (var i = 0; i < columns.size(); i++) {
                var value = values.get(i);
                object.put(
                        columns.get(i),
                        value instanceof Number ? value : Objects.toString(value, null));
            }
            out.write(json.writeValueAsString(object));
            out.write('\n');
        }
    }
}
