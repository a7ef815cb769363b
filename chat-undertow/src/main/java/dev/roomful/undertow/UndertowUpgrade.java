package dev.roomful.undertow;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.HttpUpgradeListener;
import io.undertow.servlet.api.ThreadSetupHandler;
import io.undertow.servlet.handlers.ServletRequestContext;
import io.undertow.servlet.websockets.ServletWebSocketHttpExchange;
import io.undertow.util.AttachmentKey;
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
 * One upgrade, as Undertow's container does it, but one that is over when it is done: Undertow
 * keeps the listener of an upgrade, the request and the response as long as the connection lives,
 * and its container makes a set of encoders for each.
 */
final class UndertowUpgrade implements HttpUpgradeListener {
  private static final AttachmentKey<Boolean> UPGRADED = AttachmentKey.create(Boolean.class);

  private final ServerWebSocketContainer container;
  private final JsrHybi13Handshake handshake;
  private @Nullable ServletWebSocketHttpExchange pending;

  UndertowUpgrade(ServerWebSocketContainer container, ServerEndpointConfig config) {
    this.container = container;
    this.handshake =
        new JsrHybi13Handshake(
            new ConfiguredServerEndpoint(config, null, null, EncodingFactory.DEFAULT));
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

  /** Called behind all filters, when the answer is on its way. */
  @Override
  public void handleUpgrade(StreamConnection connection, HttpServerExchange exchange) {
    ServletWebSocketHttpExchange webSocketExchange = pending;
    if (webSocketExchange == null) {
      return;
    }
    pending = null;
    WebSocketChannel channel =
        handshake.createChannel(webSocketExchange, connection, webSocketExchange.getBufferPool());
    new EndpointSessionHandler(container).onConnect(webSocketExchange, channel);
    exchange.putAttachment(UPGRADED, true);
  }

  /** Around each request of a deployment: the servlet container needs its own to the last. */
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
