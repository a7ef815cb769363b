package dev.roomful.centrifuge;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A publication in a channel.
 *
 * @param data the data
 * @param info the sender, null if it is not a client
 * @param offset the position in the channel's stream, 0 if it has none
 * @param tags tags for applications, usually none
 * @param time the time in milliseconds since 1970, 0 if it is unknown
 */
record Publication(
    Data data, @Nullable ClientInfo info, long offset, Map<String, String> tags, long time) {
  Publication {
    tags = Map.copyOf(tags);
  }

  /** {@return a publication without tags and time} */
  static Publication of(Data data, @Nullable ClientInfo info, long offset) {
    return new Publication(data, info, offset, Map.of(), 0);
  }
}
