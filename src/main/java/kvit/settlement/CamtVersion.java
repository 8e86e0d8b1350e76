package kvit.settlement;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
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

    private final String name;

    CamtVersion(String name) {
        this.name = name;
    }

    static Optional<CamtVersion> of(String namespace) {
        return Arrays.stream(values())
                .filter(it -> namespace.equals(NAMESPACE + it.name))
                .findFirst();
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
