package kvit.problem;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.Serial;
import java.time.LocalDate;
import java.time.LocalDateTime;

/**
 * Takes JSON literally. What Jackson would kindly convert is a mistake that somebody should hear
 * of.
 */
@Singleton
class StrictJson implements ObjectMapperCustomizer {

    /** Nothing that we read is deeper than three. */
    private static final int DEPTH_MAX = 20;

    /** Text that PostgreSQL can keep, and whoever reads it can read. */
    private static class StorableText extends StringDeserializer {

        @Serial private static final long serialVersionUID = 1;

        @Override
        public String deserialize(JsonParser json, DeserializationContext context)
                throws IOException {
            var text = super.deserialize(json, context);
            if (text != null && text.codePoints().anyMatch(StorableText::isNoCharacter)) {
                throw MismatchedInputException.from(json, String.class, "no text");
            }
            return text;
        }

        private static boolean isNoCharacter(int point) {
            return point == 0
                    || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
        }
    }

    @Override
    public void customize(ObjectMapper json) {
        json.getFactory()
                .setStreamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build());
        json.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
        // An emoji is the same bytes in every answer, stored or fresh.
        json.getFactory()
                .configure(
                        JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8.mappedFeature(), true);
        json.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        json.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        json.enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
        json.enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS);
        json.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
        json.registerModule(new SimpleModule().addDeserializer(String.class, new StorableText()));
        // A day is a day: no time of day that would be cut off.
        json.configOverride(LocalDate.class).setFormat(JsonFormat.Value.forLeniency(false));
        // And a local time has no zone that would be dropped.
        json.configOverride(LocalDateTime.class).setFormat(JsonFormat.Value.forLeniency(false));
        for (var type :
                new LogicalType[] {LogicalType.Integer, LogicalType.Float, LogicalType.Boolean}) {
            json.coercionConfigFor(type)
                    .setCoercion(CoercionInputShape.String, CoercionAction.Fail);
        }
        for (var type : LogicalType.values()) {
            json.coercionConfigFor(type)
                    .setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail);
        }
        for (var shape :
                new CoercionInputShape[] {
                    CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean
                }) {
            json.coercionConfigFor(LogicalType.Textual).setCoercion(shape, CoercionAction.Fail);
            json.coercionConfigFor(LogicalType.DateTime).setCoercion(shape, CoercionAction.Fail);
        }
    }
}
