package dev.roomful.jakarta;

import dev.roomful.admission.Handshake;
import jakarta.websocket.server.HandshakeRequest;
import java.security.Principal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A handshake as a Jakarta WebSocket container without servlets shows it. */
final class EndpointHandshake implements Handshake {
  private final HandshakeRequest request;
  private final Map<String, String> path;
  private final @Nullable String query; // the request is not asked once it is over

  EndpointHandshake(HandshakeRequest request, Map<String, String> path) {
    this.request = request;
    this.path = path;
    String raw = request.getRequestURI().getRawQuery();
    this.query = raw == null ? request.getQueryString() : raw;
  }

  @Override
  public Optional<String> path(String name) {
    return Optional.ofNullable(path.get(name));
  }

  @Override
  public Optional<String> query(String name) {
    return Query.first(query, name);
  }

  @Override
  public Map<String, List<String>> headers() {
    Map<String, List<String>> headers = new TreeMap<>();
    // Joined, since some containers split a value at every comma (RFC 9110 section 5.2 allows
    // either).
    request
        .getHeaders()
        .forEach(
            (name, values) ->
                headers.put(name.toLowerCase(Locale.ROOT), List.of(String.join(", ", values))));
    return headers;
  }

  /** The Jakarta API does not tell. */
  @Override
  public Optional<String> remoteAddress() {
    return Optional.empty();
  }

  @Override
  public Optional<Principal> principal() {
    return Optional.ofNullable(request.getUserPrincipal());
  }
}
