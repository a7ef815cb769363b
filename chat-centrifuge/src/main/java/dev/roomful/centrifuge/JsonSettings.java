package dev.roomful.centrifuge;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/** The two JSON configurations. */
final class JsonSettings {
  /**
   * The deepest nesting of a command. The protocol itself needs four levels and rich text two for
   * each of its own. This reader does not recurse, but many programs that receive the data do.
   */
  static final int MAX_DEPTH = 64;

  /** The longest number; a double in full has 17 digits. */
  static final int MAX_NUMBER_LENGTH = 128;

  static final int MAX_NAME_LENGTH = 1024;

  /**
   * For input of clients. Names are not cached between documents, because clients could fill the
   * cache.
   */
  static final JsonFactory STRICT =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER_LENGTH)
                  .maxNameLength(MAX_NAME_LENGTH)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .build();

  /** For data of the application: any JSON. */
  static final JsonFactory LENIENT =
      JsonFactory.builder().disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES).build();

  private JsonSettings() {}

  /**
   * {@return whether the bytes are one JSON value in UTF-8, with nothing but white space around it}
   */
  static boolean isValue(byte[] bytes) {
    // As characters: given bytes, Jackson would accept UTF-16 and UTF-32, too.
    try {
      return isValue(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException notText) {
      return false;
    }
  }

  /** {@return whether the text is one JSON value, with nothing but white space around it} */
  static boolean isValue(String text) {
    try (JsonParser parser = LENIENT.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (JacksonException notJson) {
      return false;
    }
  }
}
