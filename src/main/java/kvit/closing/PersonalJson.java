package kvit.closing;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.UUID;
import kvit.database.Statements;
import org.jspecify.annotations.Nullable;

/** Writes parts as they come from the database: one object, a list of objects for each part. */
final class PersonalJson {

    private static final String JSON = "jsonb";

    private final Statements statements;
    private final JsonGenerator out;

    PersonalJson(Statements statements, JsonGenerator out) {
        this.statements = statements;
        this.out = out;
    }

    void write(UUID customer, Instant at) {
        try {
            out.writeStartObject();
            out.writeStringField("exportedAt", at.toString());
            for (var part : Part.values()) {
                out.writeArrayFieldStart(part.member());
                statements.forEach(part.sql(), in -> in.uuid(customer), this::row);
                out.writeEndArray();
            }
            out.writeEndObject();
            out.flush();
        } catch (IOException e) {
            throw gone(e);
        }
    }

    private void row(ResultSet row) throws SQLException {
        try {
            var columns = row.getMetaData();
            out.writeStartObject();
            for (var i = 1; i <= columns.getColumnCount(); i++) {
                out.writeFieldName(camel(columns.getColumnLabel(i)));
                if (columns.getColumnTypeName(i).equals(JSON)) {
                    json(row.getString(i));
                } else {
                    value(row.getObject(i));
                }
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw gone(e);
        }
    }

    private void json(@Nullable String value) throws IOException {
        if (value == null) {
            out.writeNull();
        } else {
            out.writeRawValue(value);
        }
    }

    private void value(@Nullable Object value) throws IOException {
        if (value == null) {
            out.writeNull();
        } else if (value instanceof Number number) {
            out.writeNumber(number.longValue());
        } else if (value instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else if (value instanceof Timestamp time) {
            out.writeString(time.toInstant().toString());
        } else if (value instanceof Date date) {
            out.writeString(date.toLocalDate().toString());
        } else {
            out.writeString(value.toString());
        }
    }

    /** As everywhere in the API. */
    static String camel(String column) {
        var name = new StringBuilder();
        for (var word : column.split("_", -1)) {
            name.append(
                    name.isEmpty()
                            ? word
                            : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return name.toString();
    }

    private static UncheckedIOException gone(IOException e) {
        return new UncheckedIOException("whoever asked for it has gone", e);
    }
}
