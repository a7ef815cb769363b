package dev.roomful.undertow;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.HttpUpgradeListener;
import io.undertow.servlet.api.ThreadSetupHandler;
import io.undertow.servlet.handlers.ServletRequestContext;
import io.undertow.servlet.websockets.ServletWebSocketHttpExchange;
import io.undertow.util.AttachmentKey;
import io.undertow.util.Headers;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.jsr.ConfiguredServerEndpoint;
import io.undertow.websockets.jsr.EncodingFactory;
import io.undertow.websockets.jsr.EndpointSessionHandler;
import io.undertow.websockets.jsr.ServerWebSocketContainer;
import io.undertow.websockets.jsr.handshake.HandshakeUtil;
import io.undertow.websockets.jsr.handshake.JsrHybi13Handshake;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xnio.StreamConnection;

/**
 * Performs one upgrade as Undertow's container does, with three differences: it releases the
 * request and the response afterwards, which Undertow keeps together with the listener of the
 * upgrade for the life of the connection; it creates no encoders, of which the container creates a
 * set for each connection; and its channel is a {@link CheckingChannel}.
 */
final class UndertowUpgrade implements HttpUpgradeListener {
  private static final AttachmentKey<Boolean> UPGRADED = AttachmentKey.create(Boolean.class);

  private final ServerWebSocketContainer container;
  private final ConfiguredServerEndpoint endpoint;
  private final JsrHybi13Handshake handshake;
  private @Nullable ServletWebSocketHttpExchange pending;

  UndertowUpgrade(ServerWebSocketContainer container, ServerEndpointConfig config) {
    this.container = container;
    this.endpoint = new ConfiguredServerEndpoint(config, null, null, EncodingFactory.DEFAULT);
    this.handshake = new JsrHybi13Handshake(endpoint);
  }

  void run(
      HttpServletRequest request, HttpServletResponse response, Map<String, String> parameters) {
    ServletWebSocketHttpExchange exchange =
        new ServletWebSocketHttpExchange(request, response, Collections.emptySet());
    if (!handshake.matches(exchange)) {
      // RFC 6455 section 4.4
      response.setHeader("Sec-WebSocket-Version", "13");
      response.setStatus(426);
      return;
    }
    pending = exchange;
    exchange.putAttachment(HandshakeUtil.PATH_PARAMS, parameters);
    exchange.upgradeChannel(this);
    handshake.handshake(exchange);
  }

  /** Called after all filters, when the response has been written. */
  @Override
  public void handleUpgrade(StreamConnection connection, HttpServerExchange exchange) {
    ServletWebSocketHttpExchange webSocketExchange = pending;
    if (webSocketExchange == null) {
      return;
    }
    pending = null;
    WebSocketChannel channel =
        new CheckingChannel(
            connection,
            webSocketExchange.getBufferPool(),
            location(webSocketExchange),
            webSocketExchange.getResponseHeader(Headers.SEC_WEB_SOCKET_PROTOCOL_STRING),
            webSocketExchange.getOptions());
    HandshakeUtil.setConfig(channel, endpoint, webSocketExchange);
    new EndpointSessionHandler(container).onConnect(webSocketExchange, channel);
    exchange.putAttachment(UPGRADED, true);
  }

  /** Undertow takes a channel for secure if this begins with {@code wss}. */
  private static String location(ServletWebSocketHttpExchange exchange) {
    return ("https".equals(exchange.getRequestScheme()) ? "wss" : "ws")
        + "://"
        + exchange.getRequestHeader(Headers.HOST_STRING)
        + exchange.getRequestURI();
  }

  /**
   * Wraps each request of a deployment: after an upgrade, releases what only the handshake needed.
   * The servlet container itself needs it to the end of the request.
   */
  static <T, C> ThreadSetupHandler.Action<T, C> clearingAfterUpgrade(
      ThreadSetupHandler.Action<T, C> action) {
    return (exchange, context) -> {
      try {
        return action.call(exchange, context);
      } finally {
        if (exchange != null && exchange.getAttachment(UPGRADED) != null) {
          exchange.removeAttachment(ServletRequestContext.ATTACHMENT_KEY);
          exchange.getRequestHeaders().clear();
          exchange.getResponseHeaders().clear();
        }
      }
    };
  }
}
