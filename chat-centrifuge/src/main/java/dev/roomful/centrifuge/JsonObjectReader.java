package dev.roomful.centrifuge;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * Reads one JSON document, an object, member by member. A member that is {@code null} is as good as
 * none; one that nobody takes is skipped, whatever it holds. {@link MalformedFrameException} tells
 * where and what, never the client's words.
 */
final class JsonObjectReader implements AutoCloseable {
  /** What is done with a member, whose value the reader is at. What is not taken is skipped. */
  interface MemberReader {
    void read(String name) throws MalformedFrameException;
  }

  private final char[] text;
  private final int start;
  private final JsonParser parser;

  /** Reads the characters from start on, so many. */
  JsonObjectReader(char[] text, int start, int length) {
    this.text = text;
    this.start = start;
    this.parser =
        CentrifugeJson.STRICT.createParser(ObjectReadContext.empty(), text, start, length);
  }

  /** Reads the whole document: one object and nothing behind it. */
  void readDocument(MemberReader memberReader) throws MalformedFrameException {
    try {
      parser.nextToken();
      readObject(memberReader);
      if (parser.nextToken() != null) {
        throw malformed("something behind the object");
      }
    } catch (JacksonException notJson) {
      throw malformed("no JSON within the limits");
    }
  }

  /** Takes the members of the object that the reader is at. */
  void readObject(MemberReader memberReader) throws MalformedFrameException {
    require(JsonToken.START_OBJECT, "no object");
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      if (parser.nextToken() != JsonToken.VALUE_NULL) {
        memberReader.read(name);
        parser.skipChildren();
      }
    }
  }

  boolean isArray() {
    return parser.currentToken() == JsonToken.START_ARRAY;
  }

  boolean isString() {
    return parser.currentToken() == JsonToken.VALUE_STRING;
  }

  /** Takes the elements of the array that the reader is at, each under the name of the array. */
  void readArray(String name, MemberReader elementReader) throws MalformedFrameException {
    require(JsonToken.START_ARRAY, "no array");
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elementReader.read(name);
      parser.skipChildren();
    }
  }

  /** The string that the reader is at. */
  String string() throws MalformedFrameException {
    require(JsonToken.VALUE_STRING, "no string");
    return requireWellFormed(parser.getString());
  }

  /** Whether the value that the reader is at is {@code true}. */
  boolean bool() throws MalformedFrameException {
    JsonToken token = parser.currentToken();
    if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
      throw malformed("no boolean");
    }
    return token == JsonToken.VALUE_TRUE;
  }

  /** The whole number that the reader is at, from least to most. */
  long number(long min, long max) throws MalformedFrameException {
    require(JsonToken.VALUE_NUMBER_INT, "no whole number");
    long number = isLong() ? parser.getLongValue() : Long.MAX_VALUE;
    if (!isLong() || number < min || number > max) {
      throw malformed("no number from " + min + " to " + max);
    }
    return number;
  }

  /** The offset that the reader is at: the schema's has 64 bits and no sign, a stream's 63. */
  long offset() throws MalformedFrameException {
    require(JsonToken.VALUE_NUMBER_INT, "no whole number");
    if (isLong()) {
      return number(0, Long.MAX_VALUE);
    }
    BigInteger number = parser.getBigIntegerValue();
    if (number.signum() < 0 || number.bitLength() > Long.SIZE) {
      throw malformed("no offset");
    }
    return Long.MAX_VALUE;
  }

  private boolean isLong() {
    return parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
  }

  /** A time in seconds, of which fractions are dropped (RFC 7519 section 2, NumericDate). */
  long seconds() throws MalformedFrameException {
    JsonToken token = parser.currentToken();
    if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
      throw malformed("no time");
    }
    double seconds = parser.getDoubleValue();
    if (!(seconds >= 0 && seconds < 1L << 53)) {
      throw malformed("no time");
    }
    return (long) seconds;
  }

  /** The value that the reader is at, letter for letter. */
  Data data() throws MalformedFrameException {
    int from = start + (int) parser.currentTokenLocation().getCharOffset();
    if (parser.currentToken().isStructStart()) {
      parser.skipChildren();
    } else {
      parser.finishToken();
    }
    int to = start + (int) parser.currentLocation().getCharOffset();
    return Data.json(new String(text, from, to - from));
  }

  /** The object of strings that the reader is at. */
  Map<String, String> strings() throws MalformedFrameException {
    Map<String, String> strings = new HashMap<>();
    readObject(name -> strings.put(requireWellFormed(name), string()));
    return strings;
  }

  /**
   * A string without halves of characters, which JSON can escape and UTF-8 cannot carry: Protobuf
   * clients could not be told of it.
   */
  String requireWellFormed(String string) throws MalformedFrameException {
    if (string.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF)) {
      throw malformed("half a character in a string");
    }
    return string;
  }

  /** Says what is wrong, and where. */
  MalformedFrameException malformed(String problem) {
    return new MalformedFrameException(
        problem + " at character " + parser.currentLocation().getCharOffset());
  }

  private void require(JsonToken token, String problem) throws MalformedFrameException {
    if (parser.currentToken() != token) {
      throw malformed(problem);
    }
  }

  @Override
  public void close() {
    parser.close();
  }
}
