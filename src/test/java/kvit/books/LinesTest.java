package kvit.books;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.commons.csv.CSVFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "=cmd|' /C calc'!A0"})
    void textThatLooksLikeAFormulaIsText(String text) throws IOException {
        var out = new StringWriter();
        var csv = new Lines.Csv(out);
        csv.header(List.of("kind"));
        csv.row(List.of(text));
        var read = CSVFormat.RFC4180.parse(new java.io.StringReader(out.toString())).getRecords();
        assertThat(read.get(1).get(0)).isEqualTo("'" + text);
    }

    @Test
    void numbersStayNumbersAndNothingIsNothing() throws IOException {
        var out = new StringWriter();
        var csv = new Lines.Csv(out);
        csv.header(List.of("minor", "owner", "kind"));
        csv.row(Arrays.asList(-5L, null, "a \"quoted\", one"));
        assertThat(out).hasToString("minor,owner,kind\r\n-5,,\"a \"\"quoted\"\", one\"\r\n");
    }

    @Test
    void jsonHasAnObjectALine() throws IOException {
        var out = new StringWriter();
        var json = new Lines.Json(out, new ObjectMapper());
        json.header(List.of("minor", "owner", "posting"));
        json.row(Arrays.asList(-5L, null, new UUID(0, 1)));
        json.row(Arrays.asList(7L, "=x\n", null));
        assertThat(out.toString().split("\n"))
                .containsExactly(
                        "{\"minor\":-5,\"owner\":null,"
                                + "\"posting\":\"00000000-0000-0000-0000-000000000001\"}",
                        "{\"minor\":7,\"owner\":\"=x\\n\",\"posting\":null}");
    }

    @Test
    void anExportHasAColumnForEachThatItSelects() {
        assertThat(Export.ENTRIES.columns())
                .startsWith("posting", "kind", "effectiveAt")
                .endsWith("balanceAfter", "at")
                .hasSize(13);
        assertThat(Export.POSTINGS.columns()).hasSize(5);
        assertThat(Export.ACCOUNTS.columns()).hasSize(9);
    }
}
