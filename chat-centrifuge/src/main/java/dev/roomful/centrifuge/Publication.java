package dev.roomful.centrifuge;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A publication in a channel.
 *
 * @param data the data
 * @param info the sender, null if it is not a client
 * @param offset the position in the channel's stream, 0 if it has none
 * @param tags the headers of the message, in their order
 * @param time the time in milliseconds since 1970, 0 if it has none
 */
record Publication(
    RawData data, @Nullable ClientInfo info, long offset, Map<String, String> tags, long time) {
  /** The size of the names of all fields in JSON, and of the numbers. */
  private static final long FIXED_SIZE = 128;

  Publication {
    tags = tags.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(tags));
  }

  /** {@return a publication of data alone: without a sender, an offset and a time} */
  static Publication of(RawData data) {
    return new Publication(data, null, 0, Map.of(), 0);
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
}
