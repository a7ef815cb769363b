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

/** The two ways in which JSON is read here. */
final class CentrifugeJson {
  /**
   * How deep a command may be. The protocol itself goes four deep; rich text, the deepest thing
   * people send each other, two for each level of its own. Reading is no recursion here, but it is
   * in many of the programs that the data goes to.
   */
  static final int MAX_DEPTH = 64;

  /** How long a number may be; a double that is written out in full has 17 digits. */
  static final int MAX_NUMBER_LENGTH = 128;

  static final int MAX_NAME_LENGTH = 1024;

  /**
   * For what clients send. Names are not kept from one document to the next: such a table would be
   * filled by strangers.
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

  /** For what the application says: whatever is JSON. */
  static final JsonFactory LENIENT =
      JsonFactory.builder().disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES).build();

  private CentrifugeJson() {}

  /** Whether the bytes are one JSON value in UTF-8, with white space at most around it. */
  static boolean isValue(byte[] bytes) {
    // As characters: from bytes, Jackson would find UTF-16 and UTF-32 to be JSON, too.
    try {
      return isValue(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException notText) {
      return false;
    }
  }

  /** Whether the text is one JSON value, with white space at most around it. */
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
