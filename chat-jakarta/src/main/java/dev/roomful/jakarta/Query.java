package dev.roomful.jakarta;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The query of a URI. Read here and not by the container, because some mix the path's parameters
 * into it, and some throw at a percent sign that makes no sense, as a doorman that failed would.
 */
final class Query {
  private Query() {}

  /** The first value of a parameter, decoded; pairs that make no sense are passed over. */
  static Optional<String> first(@Nullable String query, String name) {
    if (query == null) {
      return Optional.empty();
    }
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      Optional<String> key = decoded(equals < 0 ? pair : pair.substring(0, equals));
      Optional<String> value = decoded(equals < 0 ? "" : pair.substring(equals + 1));
      if (value.isPresent() && key.filter(name::equals).isPresent()) {
        return value;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> decoded(String raw) {
    try {
      return Optional.of(URLDecoder.decode(raw, UTF_8));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }
}
