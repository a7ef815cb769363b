package dev.roomful.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.roomful.admission.Handshake;
import java.net.URLDecoder;
import java.security.Principal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A handshake from a path template, a path with a query, and headers. */
record MemoryHandshake(
    Map<String, String> parameters, Map<String, String> queries, Map<String, List<String>> headers)
    implements Handshake {

  static MemoryHandshake of(String template, String pathAndQuery, Map<String, String> headers) {
    String[] parts = pathAndQuery.split("\\?", 2);
    String[] names = template.split("/", -1);
    String[] segments = parts[0].split("/", -1);
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < names.length; i++) {
      if (names[i].startsWith("{")) {
        String name = names[i].substring(1, names[i].length() - 1);
        parameters.put(name, URLDecoder.decode(segments[i].replace("+", "%2B"), UTF_8));
      }
    }
    Map<String, String> queries = new HashMap<>();
    for (String pair : parts.length > 1 ? parts[1].split("&", -1) : new String[0]) {
      String[] both = pair.split("=", 2);
      queries.putIfAbsent(
          URLDecoder.decode(both[0], UTF_8),
          both.length > 1 ? URLDecoder.decode(both[1], UTF_8) : "");
    }
    Map<String, List<String>> lowered = new HashMap<>(Map.of("host", List.of("localhost")));
    headers.forEach((name, value) -> lowered.put(name.toLowerCase(Locale.ROOT), List.of(value)));
    return new MemoryHandshake(parameters, queries, lowered);
  }

  @Override
  public Optional<String> path(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  @Override
  public Optional<String> query(String name) {
    return Optional.ofNullable(queries.get(name));
  }

  @Override
  public Optional<String> remoteAddress() {
    return Optional.empty();
  }

  @Override
  public Optional<Principal> principal() {
    return Optional.empty();
  }
}
