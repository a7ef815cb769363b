package dev.roomful.centrifuge;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was said in a channel.
 *
 * @param data what was said
 * @param info who said it; null if it did not come from a client
 * @param offset its number in the channel's stream, 0 if the channel counts none
 * @param tags words about it for applications, usually none
 * @param time when it was said in milliseconds since 1970, 0 if that is not told
 */
record Publication(
    Data data, @Nullable ClientInfo info, long offset, Map<String, String> tags, long time) {
  Publication {
    tags = Map.copyOf(tags);
  }

  /** A publication without tags and time. */
  static Publication of(Data data, @Nullable ClientInfo info, long offset) {
    return new Publication(data, info, offset, Map.of(), 0);
  }
}
