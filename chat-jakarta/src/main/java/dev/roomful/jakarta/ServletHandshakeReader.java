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
    if (HandshakeRules.isHttp2(request.getProtocol()) && !headers.containsKey("host")) {
      headers.put("host", List.of(authority(request)));
    }
    return new HandshakeSnapshot(
        path,
        request.getQueryString(),
        headers,
        request.getRemoteAddr(),
        request.getUserPrincipal(),
        HttpSessionAccess.attributesOf(request.getSession(false)));
  }

  /** HTTP/2 has the pseudo-header {@code :authority} in place of {@code Host} (RFC 9113 8.3.1). */
  private static String authority(HttpServletRequest request) {
    int port = request.getServerPort();
    boolean isDefault = port == (request.isSecure() ? 443 : 80);
    return isDefault ? request.getServerName() : request.getServerName() + ":" + port;
  }
}
