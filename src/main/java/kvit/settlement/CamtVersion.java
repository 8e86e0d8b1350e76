package kvit.settlement;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.xml.sax.SAXException;

/** The versions of camt.053 that are read: the one that most banks send, and its successor. */
enum CamtVersion {
    V02("camt.053.001.02"),
    V08("camt.053.001.08");

    private static final Map<CamtVersion, Schema> SCHEMAS = new ConcurrentHashMap<>();

    private static final String NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:";

    /**
     * By which Austria's banks call .02 where they have only narrowed it down: {@code
     * ISO:camt.053.001.02:APC:STUZZA:payments:003}.
     */
    private static final Pattern AUSTRIAN =
            Pattern.compile("ISO:camt\\.053\\.001\\.02:APC:STUZZA:payments:[0-9]{3}");

    private final String name;

    CamtVersion(String name) {
        this.name = name;
    }

    static Optional<CamtVersion> of(String namespace) {
        return AUSTRIAN.matcher(namespace).matches()
                ? Optional.of(V02)
                : Arrays.stream(values())
                        .filter(it -> namespace.equals(it.namespace()))
                        .findFirst();
    }

    /** ISO's own. */
    String namespace() {
        return NAMESPACE + name;
    }

    /** Read when it is first needed, and then shared: a schema may be, what validates by it not. */
    Schema schema() {
        return SCHEMAS.computeIfAbsent(this, CamtVersion::load);
    }

    private Schema load() {
        // The JDK's own, whatever else is on the class path.
        var factory = SchemaFactory.newDefaultInstance();
        try (var xsd = CamtVersion.class.getResourceAsStream("/kvit/settlement/" + name + ".xsd")) {
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            factory.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
            return factory.newSchema(new StreamSource(xsd));
        } catch (SAXException | IOException e) {
            throw new IllegalStateException("no schema of " + name, e);
        }
    }
}
