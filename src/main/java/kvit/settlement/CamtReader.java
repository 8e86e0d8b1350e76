package kvit.settlement;

import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UnsupportedEncodingException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.validation.ValidatorHandler;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.XMLReader;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Reads a bank's statements, ISO 20022 camt.053, in one pass and in as much memory as one entry
 * needs: what the parser says goes by here, is checked against ISO's own schema of its version, and
 * then becomes entries in {@link CamtEntries}.
 *
 * <p>A document type is refused, so there are no entities to expand and nothing outside to fetch;
 * and no text, no depth is longer than any statement's.
 */
final class CamtReader extends DefaultHandler {

    /** Twenty times what the schema allows, which by itself would first keep and then refuse. */
    private static final int TEXT_MAX = 10_000;

    /** Twice the depth of the schema. */
    private static final String DEPTH_MAX = "50";

    private static final int MESSAGE_MAX = 300;

    private final Faults faults = new Faults();
    private final CamtEntries entries;
    private final Map<String, String> prefixes = new LinkedHashMap<>();
    private Locator locator = new NoLocator();
    private @Nullable ValidatorHandler schema;
    private String theirNamespace = "";
    private String ourNamespace = "";
    private int textLength;

    private CamtReader(StatementSink sink) {
        this.entries = new CamtEntries(sink, faults);
    }

    /**
     * @param sink is told of what is read, before it is known whether all of it is good
     * @throws FileRefused where it is no camt.053, or not as its schema wants it
     */
    static void read(InputStream bytes, StatementSink sink) throws IOException {
        var reader = new CamtReader(sink);
        try {
            var parser = parser();
            parser.setContentHandler(reader);
            parser.setErrorHandler(reader);
            parser.parse(new InputSource(bytes));
        } catch (SAXParseException e) {
            throw FileRefused.unparseable(line(e.getLineNumber()), "is no XML: " + words(e));
        } catch (CharConversionException | UnsupportedEncodingException e) {
            throw FileRefused.unparseable(
                    line(reader.locator.getLineNumber()), "is no text in the charset it names");
        } catch (SAXException | ParserConfigurationException e) {
            throw new IllegalStateException("every JDK has this parser", e);
        }
        reader.faults.refuseIfAny();
    }

    private static XMLReader parser() throws SAXException, ParserConfigurationException {
        var factory = SAXParserFactory.newDefaultInstance();
        factory.setNamespaceAware(true);
        factory.setXIncludeAware(false);
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
        factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
        var parser = factory.newSAXParser();
        parser.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        parser.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
        parser.setProperty("http://www.oracle.com/xml/jaxp/properties/maxElementDepth", DEPTH_MAX);
        parser.setProperty("http://apache.org/xml/properties/locale", Locale.ROOT);
        return parser.getXMLReader();
    }

    @Override
    public void setDocumentLocator(Locator locator) {
        this.locator = locator;
        entries.setDocumentLocator(locator);
    }

    @Override
    public void startElement(String uri, String name, String qualified, Attributes attributes)
            throws SAXException {
        if (schema == null) {
            schema = validator(uri, name);
        }
        textLength = 0;
        schema.startElement(iso(uri), name, qualified, attributes);
    }

    private ValidatorHandler validator(String uri, String name) throws SAXException {
        var version = CamtVersion.of(uri);
        if (version.isEmpty() || !name.equals("Document")) {
            throw FileRefused.unparseable(
                    line(locator.getLineNumber()),
                    "begins with %s of %s, which is no camt.053.001.02 or .08"
                            .formatted(brief(name), uri.isEmpty() ? "no namespace" : brief(uri)));
        }
        theirNamespace = uri;
        ourNamespace = version.get().namespace();
        var validator = version.get().schema().newValidatorHandler();
        validator.setContentHandler(entries);
        validator.setErrorHandler(new ToFaults());
        validator.setProperty("http://apache.org/xml/properties/locale", Locale.ROOT);
        validator.setDocumentLocator(locator);
        validator.startDocument();
        // The parser has told of these before it told of the element that chose the schema.
        for (var prefix : prefixes.entrySet()) {
            validator.startPrefixMapping(prefix.getKey(), prefix.getValue());
        }
        return validator;
    }

    /** Whatever a country's banks call it. */
    private String iso(String uri) {
        return uri.equals(theirNamespace) ? ourNamespace : uri;
    }

    @Override
    public void startPrefixMapping(String prefix, String uri) throws SAXException {
        if (schema == null) {
            prefixes.put(prefix, uri);
        } else {
            schema.startPrefixMapping(prefix, uri);
        }
    }

    @Override
    public void endPrefixMapping(String prefix) throws SAXException {
        if (schema != null) {
            schema.endPrefixMapping(prefix);
        }
    }

    @Override
    public void characters(char[] text, int offset, int length) throws SAXException {
        textLength += length;
        if (textLength > TEXT_MAX) {
            throw FileRefused.unparseable(
                    line(locator.getLineNumber()), "has a text of more than " + TEXT_MAX);
        }
        Objects.requireNonNull(schema).characters(text, offset, length);
    }

    @Override
    public void endElement(String uri, String name, String qualified) throws SAXException {
        textLength = 0;
        Objects.requireNonNull(schema).endElement(iso(uri), name, qualified);
        if (faults.areEnough()) {
            faults.refuseIfAny();
        }
    }

    @Override
    public void endDocument() throws SAXException {
        Objects.requireNonNull(schema).endDocument();
    }

    @Override
    public void error(SAXParseException e) throws SAXException {
        throw e;
    }

    private static @Nullable Integer line(int number) {
        return number < 1 ? null : (Integer) number;
    }

    /** Without the number of the rule in the standard, which helps nobody who reads statements. */
    private static String words(SAXException e) {
        return brief(
                String.valueOf(e.getMessage()).replaceFirst("^[a-zA-Z]+-[a-zA-Z0-9.-]+: ", ""));
    }

    private static String brief(String text) {
        return text.length() > MESSAGE_MAX ? text.substring(0, MESSAGE_MAX) + "…" : text;
    }

    /** What the schema minds; it goes on, because there may be more of it. */
    private final class ToFaults implements ErrorHandler {

        @Override
        public void warning(SAXParseException e) {}

        @Override
        public void error(SAXParseException e) {
            faults.add(FileFault.UNPARSEABLE, line(locator.getLineNumber()), words(e));
        }

        @Override
        public void fatalError(SAXParseException e) {
            error(e);
        }
    }

    /** Before the parser has brought its own. */
    private static final class NoLocator implements Locator {

        @Override
        public @Nullable String getPublicId() {
            return null;
        }

        @Override
        public @Nullable String getSystemId() {
            return null;
        }

        @Override
        public int getLineNumber() {
            return -1;
        }

        @Override
        public int getColumnNumber() {
            return -1;
        }
    }
}
