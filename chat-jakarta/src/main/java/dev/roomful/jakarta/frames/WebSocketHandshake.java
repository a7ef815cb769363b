package dev.roomful.jakarta.frames;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.server.ServerEndpointConfig;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;

/** The server's answer to a handshake that was checked and accepted. */
public final class WebSocketHandshake {
  /** RFC 6455 section 1.3. */
  private static final String KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private WebSocketHandshake() {}

  /**
   * Sets the headers of the answer to a handshake of HTTP/1.1 (RFC 6455 section 4.2.2).
   *
   * @param request the handshake
   * @param response the answer, which is not committed
   * @param config chooses the subprotocol
   */
  public static void accept(
      HttpServletRequest request, HttpServletResponse response, ServerEndpointConfig config) {
    response.setHeader("Upgrade", "websocket");
    response.setHeader("Connection", "upgrade");
    response.setHeader("Sec-WebSocket-Accept", accept(request.getHeader("Sec-WebSocket-Key")));
    acceptSubprotocol(request, response, config);
  }

  /**
   * Sets the header with the subprotocol, which is all that the answer to a handshake of HTTP/2 has
   * (RFC 8441 section 5).
   *
   * @param request the handshake
   * @param response the answer, which is not committed
   * @param config chooses the subprotocol
   */
  public static void acceptSubprotocol(
      HttpServletRequest request, HttpServletResponse response, ServerEndpointConfig config) {
    String subprotocol =
        config
            .getConfigurator()
            .getNegotiatedSubprotocol(config.getSubprotocols(), offered(request));
    if (!subprotocol.isEmpty()) {
      response.setHeader("Sec-WebSocket-Protocol", subprotocol);
    }
  }

  private static List<String> offered(HttpServletRequest request) {
    return Collections.list(request.getHeaders("Sec-WebSocket-Protocol")).stream()
        .flatMap(line -> Arrays.stream(line.split(",", -1)))
        .map(String::trim)
        .toList();
  }

  private static String accept(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key.trim() + KEY_SUFFIX).getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-1", impossible);
    }
  }
}
