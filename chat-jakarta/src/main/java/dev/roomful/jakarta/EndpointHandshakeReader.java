package dev.roomful.jakarta;

import jakarta.websocket.server.HandshakeRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Copies the handshake out of what a Jakarta WebSocket container shows of a request. */
final class EndpointHandshakeReader {
  private EndpointHandshakeReader() {}

  static HandshakeSnapshot copyOf(HandshakeRequest request, Map<String, String> path) {
    Map<String, List<String>> headers = new HashMap<>();
    // Joined, since some containers split a value at every comma (RFC 9110 section 5.2 allows
    // either).
    request
        .getHeaders()
        .forEach(
            (name, values) ->
                headers.put(name.toLowerCase(Locale.ROOT), List.of(String.join(", ", values))));
    String rawQuery = request.getRequestURI().getRawQuery();
    return new HandshakeSnapshot(
        path,
        rawQuery == null ? request.getQueryString() : rawQuery,
        headers,
        null, // The Jakarta API does not expose the remote address.
        request.getUserPrincipal(),
        HttpSessionAccess.attributesOf(request.getHttpSession()));
  }
}
