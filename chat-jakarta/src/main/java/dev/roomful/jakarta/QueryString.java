package dev.roomful.jakarta;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads parameters of a URI's query. Containers are not asked: some mix the parameters of the path
 * into the query, and some throw at a malformed escape.
 */
final class QueryString {
  private QueryString() {}

  /** {@return the first value of a parameter, decoded; pairs that cannot be decoded are skipped} */
  static Optional<String> first(@Nullable String query, String name) {
    if (query == null) {
      return Optional.empty();
    }
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      Optional<String> key =
          PercentDecoder.decodeForm(equals < 0 ? pair : pair.substring(0, equals));
      Optional<String> value =
          PercentDecoder.decodeForm(equals < 0 ? "" : pair.substring(equals + 1));
      if (value.isPresent() && key.filter(name::equals).isPresent()) {
        return value;
      }
    }
    return Optional.empty();
  }
}
