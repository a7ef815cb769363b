package dev.roomful.centrifuge;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A publication in a channel. Immutable; it keeps its encoded forms for further replies. */
final class Publication {
  /** The size of the names of all fields in JSON, and of the numbers. */
  private static final long FIXED_SIZE = 128;

  private final RawData data;
  private final @Nullable ClientInfo info;
  private final long offset;
  private final Map<String, String> tags;
  private final long time;

  // Null until it is first needed. A race is harmless: both threads encode the same.
  private volatile @Nullable String json;
  private volatile @Nullable Object protobuf; // not the class of Protobuf, which may be absent

  /**
   * Creates a publication.
   *
   * @param data the data
   * @param info the sender, null if it is not a client
   * @param offset the position in the channel's stream, 0 if it has none
   * @param tags the headers of the message, in their order
   * @param time the time in milliseconds since 1970, 0 if it has none
   */
  Publication(
      RawData data, @Nullable ClientInfo info, long offset, Map<String, String> tags, long time) {
    this.data = data;
    this.info = info;
    this.offset = offset;
    this.tags = tags.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    this.time = time;
  }

  /** {@return a publication of data alone: without a sender, an offset and a time} */
  static Publication of(RawData data) {
    return new Publication(data, null, 0, Map.of(), 0);
  }

  RawData data() {
    return data;
  }

  @Nullable ClientInfo info() {
    return info;
  }

  long offset() {
    return offset;
  }

  Map<String, String> tags() {
    return tags;
  }

  long time() {
    return time;
  }

  /** {@return the publication as a JSON object} */
  String json(Function<Publication, String> encoder) {
    String encoded = json;
    if (encoded == null) {
      encoded = encoder.apply(this);
      json = encoded;
    }
    return encoded;
  }

  /** {@return the publication as a message of Protobuf} */
  Object protobuf(Function<Publication, Object> encoder) {
    Object encoded = protobuf;
    if (encoded == null) {
      encoded = encoder.apply(this);
      protobuf = encoded;
    }
    return encoded;
  }

  /**
   * {@return an estimate of the size in a frame of either form, rather too large than too small}
   */
  long encodedSize() {
    long size = FIXED_SIZE + data.encodedSize() + (info == null ? 0 : info.encodedSize());
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      size +=
          JsonFieldWriter.encodedSize(tag.getKey()) + JsonFieldWriter.encodedSize(tag.getValue());
    }
    return size;
  }

  @Override
  public String toString() {
    return "publication " + offset + ": " + data;
  }
}
