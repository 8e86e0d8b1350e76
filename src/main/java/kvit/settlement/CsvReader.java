package kvit.settlement;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import kvit.settlement.CsvProfile.Column;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;

/**
 * Reads a processor's file by its source's profile, line by line, in as much memory as one line
 * needs. Either all of it is good, or it is refused with what is wrong.
 */
final class CsvReader {

    private final SettlementSource source;
    private final CsvForm form;
    private final DateSense dates;

    CsvReader(SettlementSource source, CsvForm form, DateSense dates) {
        this.source = source;
        this.form = form;
        this.dates = dates;
    }

    /**
     * @param lines is given each line as it is read, before it is known whether the file is good
     * @throws FileRefused where it is not
     */
    Contents read(InputStream bytes, Consumer<SettlementLine> lines) throws IOException {
        try (var text = new GuardedText(bytes, form.charset())) {
            skip(text);
            try (var parser = CSVParser.parse(text, format())) {
                return read(parser, lines);
            }
        }
    }

    private CSVFormat format() {
        return CSVFormat.RFC4180
                .builder()
                .setDelimiter(form.profile().delimiter())
                .setIgnoreEmptyLines(true)
                .setDuplicateHeaderMode(DuplicateHeaderMode.ALLOW_ALL)
                .get();
    }

    private void skip(Reader text) throws IOException {
        for (var left = form.profile().skipLines(); left > 0; ) {
            var c = text.read();
            if (c < 0) {
                throw FileRefused.unparseable(null, "ends before its header");
            }
            if (c == '\n') {
                left--;
            }
        }
    }

    private Contents read(CSVParser parser, Consumer<SettlementLine> lines) {
        var records = parser.iterator();
        if (!hasNext(parser, records)) {
            throw FileRefused.unparseable(null, "is empty");
        }
        var header = records.next();
        var places = places(header, at(parser));
        var faults = new Faults();
        var totals = new BatchTotals();
        var isOver = false;
        while (!faults.areEnough() && hasNext(parser, records)) {
            var cells = records.next();
            var at = at(parser);
            if (isOver) {
                faults.add(FileFault.UNPARSEABLE, at, "stands below the footer");
            } else if (isFooter(cells)) {
                isOver = true;
                totals.compare(form, cells, at, faults);
            } else if (cells.size() != header.size()) {
                totals.countAnother();
                faults.add(FileFault.UNPARSEABLE, at, width(cells, header));
            } else {
                var number = totals.countAnother();
                var line = new CsvRow(form, places, dates, faults, cells, at).read(number);
                if (line != null) {
                    totals.add(form, line, at, faults);
                    lines.accept(line);
                }
            }
        }
        if (form.profile().footer() != null && !isOver && !faults.areAny()) {
            faults.add(FileFault.BATCH_TOTAL, at(parser), "has no footer: it may be cut off");
        }
        return totals.contents(source, form, faults);
    }

    private boolean isFooter(CSVRecord cells) {
        var footer = form.profile().footer();
        return footer != null && cells.get(0).equals(footer.marker());
    }

    private static String width(CSVRecord cells, CSVRecord header) {
        return "has %d columns, where the header has %d".formatted(cells.size(), header.size());
    }

    /** The number of lines that were read, also where the last of them has no end. */
    private int at(CSVParser parser) {
        return form.profile().skipLines() + (int) Math.max(1, parser.getCurrentLineNumber());
    }

    /** A quote that is not closed swallows all that follows: named is where it begins. */
    private boolean hasNext(CSVParser parser, Iterator<CSVRecord> records) {
        var begin = form.profile().skipLines() + (int) parser.getCurrentLineNumber() + 1;
        try {
            return records.hasNext();
        } catch (UncheckedIOException | IllegalStateException e) {
            throw FileRefused.unparseable(
                    begin, "has a quote that is not closed, or not at the end of its field");
        }
    }

    private Map<Column, Integer> places(CSVRecord header, int at) {
        var names = new ArrayList<String>();
        header.forEach(names::add);
        var twice = new HashSet<String>();
        var known = new HashSet<>(form.profile().columns().values());
        for (var name : names) {
            if (!twice.add(name) && known.contains(name)) {
                throw FileRefused.unparseable(at, "names the column " + name + " twice");
            }
        }
        var places = new EnumMap<Column, Integer>(Column.class);
        var faults = new Faults();
        form.profile()
                .columns()
                .forEach(
                        (column, name) -> {
                            var place = names.indexOf(name);
                            if (place < 0) {
                                faults.add(FileFault.UNPARSEABLE, at, name, missing(names));
                            }
                            places.put(column, place);
                        });
        faults.refuseIfAny();
        return places;
    }

    private String missing(List<String> names) {
        return names.size() == 1
                ? "is not in the header, nor is the delimiter " + form.profile().delimiter()
                : "is not in the header";
    }
}
