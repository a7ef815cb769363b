package dev.roomful.jakarta;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Copies the handshake out of a servlet request. */
final class ServletHandshakeReader {
  private ServletHandshakeReader() {}

  static HandshakeSnapshot copyOf(HttpServletRequest request, Map<String, String> path) {
    Map<String, List<String>> headers = new HashMap<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      headers.put(
          name.toLowerCase(Locale.ROOT), List.copyOf(Collections.list(request.getHeaders(name))));
    }
    return new HandshakeSnapshot(
        path,
        request.getQueryString(),
        headers,
        request.getRemoteAddr(),
        request.getUserPrincipal(),
        HttpSessionAccess.attributesOf(request.getSession(false)));
  }
}
