package dev.roomful.centrifuge;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * Reads one JSON document, an object, member by member. A member that is {@code null} counts as
 * absent; a member that nobody reads is skipped. A {@link MalformedFrameException} names the place
 * and the problem, and never contains text of the client.
 */
final class JsonObjectReader implements AutoCloseable {
  /** Handles a member at whose value the reader is. A value that is not read is skipped. */
  interface MemberReader {
    void read(String name) throws MalformedFrameException;
  }

  private final char[] text;
  private final int start;
  private final JsonParser parser;

  /** Creates a reader of {@code length} characters from {@code start}. */
  JsonObjectReader(char[] text, int start, int length) {
    this.text = text;
    this.start = start;
    this.parser = JsonSettings.STRICT.createParser(ObjectReadContext.empty(), text, start, length);
  }

  /** Reads the whole document: one object and nothing after it. */
  void readDocument(MemberReader memberReader) throws MalformedFrameException {
    try {
      parser.nextToken();
      readObject(memberReader);
      if (parser.nextToken() != null) {
        throw malformed("content after the object");
      }
    } catch (JacksonException notJson) {
      throw malformed("not JSON within the limits");
    }
  }

  /** Reads the members of the current object. */
  void readObject(MemberReader memberReader) throws MalformedFrameException {
    require(JsonToken.START_OBJECT, "not an object");
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

  /** Reads the elements of the current array, each under the name of the array. */
  void readArray(String name, MemberReader elementReader) throws MalformedFrameException {
    require(JsonToken.START_ARRAY, "not an array");
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elementReader.read(name);
      parser.skipChildren();
    }
  }

  /** {@return the current value, a string} */
  String string() throws MalformedFrameException {
    require(JsonToken.VALUE_STRING, "not a string");
    return requireWellFormed(parser.getString());
  }

  /** {@return whether the current value is {@code true}} */
  boolean bool() throws MalformedFrameException {
    JsonToken token = parser.currentToken();
    if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
      throw malformed("not a boolean");
    }
    return token == JsonToken.VALUE_TRUE;
  }

  /** {@return the current value, a whole number in a range} */
  long number(long min, long max) throws MalformedFrameException {
    require(JsonToken.VALUE_NUMBER_INT, "not a whole number");
    long number = isLong() ? parser.getLongValue() : Long.MAX_VALUE;
    if (!isLong() || number < min || number > max) {
      throw malformed("number that is not between " + min + " and " + max);
    }
    return number;
  }

  /** Reads an offset: the schema's has 64 bits without a sign, a stream's 63. */
  long offset() throws MalformedFrameException {
    require(JsonToken.VALUE_NUMBER_INT, "not a whole number");
    if (isLong()) {
      return number(0, Long.MAX_VALUE);
    }
    BigInteger number = parser.getBigIntegerValue();
    if (number.signum() < 0 || number.bitLength() > Long.SIZE) {
      throw malformed("not an offset");
    }
    return Long.MAX_VALUE;
  }

  private boolean isLong() {
    return parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
  }

  /** Reads a time in seconds, without fractions (RFC 7519 section 2, NumericDate). */
  long seconds() throws MalformedFrameException {
    JsonToken token = parser.currentToken();
    if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
      throw malformed("not a time");
    }
    double seconds = parser.getDoubleValue();
    if (!(seconds >= 0 && seconds < 1L << 53)) {
      throw malformed("not a time");
    }
    return (long) seconds;
  }

  /** {@return the current value, unchanged} */
  RawData data() throws MalformedFrameException {
    int from = start + (int) parser.currentTokenLocation().getCharOffset();
    if (parser.currentToken().isStructStart()) {
      parser.skipChildren();
    } else {
      parser.finishToken();
    }
    int to = start + (int) parser.currentLocation().getCharOffset();
    return RawData.json(new String(text, from, to - from));
  }

  /** {@return the current value, an object of strings} */
  Map<String, String> strings() throws MalformedFrameException {
    Map<String, String> strings = new HashMap<>();
    readObject(name -> strings.put(requireWellFormed(name), string()));
    return strings;
  }

  /**
   * Returns a string unless it has unpaired surrogates, which JSON can escape and UTF-8 cannot
   * carry: Protobuf clients could not receive it.
   */
  String requireWellFormed(String string) throws MalformedFrameException {
    for (int i = 0; i < string.length(); i++) {
      int codePoint = string.codePointAt(i);
      if (Character.isSupplementaryCodePoint(codePoint)) {
        i++;
      } else if (Character.isSurrogate((char) codePoint)) {
        throw malformed("unpaired surrogate in a string");
      }
    }
    return string;
  }

  /** {@return an exception with the problem and its place} */
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
