package dev.roomful.jakarta;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * A handshake whose {@code Upgrade} header lists further protocols, reduced to {@code websocket}.
 * RFC 6455 section 4.2.1 allows the list, but some containers compare the whole header. HTTP/2 has
 * no such header.
 */
final class SingleUpgradeRequest extends HttpServletRequestWrapper {
  private static final String UPGRADE = "Upgrade";
  private static final String WEBSOCKET = "websocket";

  private SingleUpgradeRequest(HttpServletRequest request) {
    super(request);
  }

  static HttpServletRequest of(HttpServletRequest request) {
    if (HandshakeRules.isHttp2(request.getProtocol())) {
      return request;
    }
    return Collections.list(request.getHeaders(UPGRADE)).size() == 1
            && WEBSOCKET.equalsIgnoreCase(request.getHeader(UPGRADE))
        ? request
        : new SingleUpgradeRequest(request);
  }

  @Override
  public String getHeader(String name) {
    return UPGRADE.equalsIgnoreCase(name) ? WEBSOCKET : super.getHeader(name);
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    return UPGRADE.equalsIgnoreCase(name)
        ? Collections.enumeration(List.of(WEBSOCKET))
        : super.getHeaders(name);
  }
}
