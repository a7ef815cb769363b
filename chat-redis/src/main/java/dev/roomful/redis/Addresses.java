package dev.roomful.redis;

import io.lettuce.core.RedisURI;
import java.util.stream.Collectors;

/** Writes addresses without passwords. */
final class Addresses {
  private Addresses() {}

  static String of(RedisURI uri) {
    if (!uri.getSentinels().isEmpty()) {
      return uri.getSentinels().stream().map(Addresses::of).collect(Collectors.joining(","))
          + " (Sentinel, "
          + uri.getSentinelMasterId()
          + ")";
    }
    return uri.getSocket() != null ? uri.getSocket() : uri.getHost() + ":" + uri.getPort();
  }
}
