package dev.roomful.jetty;

import dev.roomful.jakarta.frames.AcceptedUpgrade;
import dev.roomful.jakarta.frames.ClientConnection;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import org.eclipse.jetty.ee11.servlet.ServletCoreRequest;
import org.eclipse.jetty.ee11.servlet.ServletCoreResponse;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Context;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.FutureCallback;
import org.eclipse.jetty.util.Jetty;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.WebSocketConnection;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;

/**
 * Upgrades one request as Jetty's container does, but to a {@link JettySocket}. Jetty keeps the new
 * connection in an attribute of the request and opens it when the request has been handled; until
 * then it can be replaced.
 */
final class JettyUpgrade implements WebSocketNegotiator {
  private final AcceptedUpgrade upgrade;

  JettyUpgrade(AcceptedUpgrade upgrade) {
    this.upgrade = upgrade;
  }

  void run(HttpServletRequest request, HttpServletResponse response, WebSocketComponents components)
      throws IOException {
    Request coreRequest = ServletCoreRequest.wrap(request);
    Response coreResponse = ServletCoreResponse.wrap(coreRequest, response, false);
    FutureCallback negotiated = new FutureCallback();
    if (!new WebSocketMappings(components)
        .upgrade(this, coreRequest, coreResponse, negotiated, null)) {
      if (isHttp2(coreRequest)) { // an extended CONNECT for another protocol
        response.sendError(
            HttpServletResponse.SC_NOT_IMPLEMENTED, "the :protocol is not websocket");
        return;
      }
      throw new IOException("Jetty does not accept the request as a WebSocket handshake");
    }
    negotiated.block();
    if (!(coreRequest.getAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE)
        instanceof WebSocketConnection original)) {
      // Nothing would read the connection that Jetty has made.
      throw new IOException(
          "Jetty " + Jetty.VERSION + " upgrades in another way than expected: use Jetty 12.1");
    }
    coreRequest.setAttribute(
        HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, replacement(original, coreRequest));
  }

  private static boolean isHttp2(Request request) {
    return request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2;
  }

  private JettySocket replacement(WebSocketConnection original, Request request) {
    Connector connector = request.getConnectionMetaData().getConnector();
    Context context = request.getContext();
    Executor callbacks = callbackExecutor(request);
    JettySocket replacement =
        new JettySocket(
            original.getEndPoint(),
            original.getExecutor(),
            connector.getScheduler(),
            isHttp2(request) ? new StreamReset(original.getEndPoint()) : () -> {},
            socket -> new ClientConnection(socket, upgrade, context::run, callbacks));
    connector.getEventListeners().forEach(replacement::addEventListener);
    return replacement;
  }

  /** Jetty calls it within the upgrade; the frame handler is never used. */
  @Override
  public FrameHandler negotiate(
      ServerUpgradeRequest request, ServerUpgradeResponse response, Callback callback) {
    ServerEndpointConfig config = upgrade.config();
    String subprotocol =
        config
            .getConfigurator()
            .getNegotiatedSubprotocol(config.getSubprotocols(), request.getSubProtocols());
    if (!subprotocol.isEmpty()) {
      response.setAcceptedSubProtocol(subprotocol);
    }
    response.setExtensions(List.of());
    return UnusedFrameHandler.INSTANCE;
  }

  /**
   * {@return runs callbacks in the application's context, on a virtual thread if Jetty has some}
   */
  private static Executor callbackExecutor(Request request) {
    Context context = request.getContext();
    Executor virtualThreads =
        VirtualThreads.getVirtualThreadsExecutor(request.getComponents().getExecutor());
    return virtualThreads == null
        ? context
        : callback -> virtualThreads.execute(() -> context.run(callback));
  }

  private enum UnusedFrameHandler implements FrameHandler {
    INSTANCE;

    @Override
    public void onOpen(CoreSession session, Callback callback) {
      callback.succeeded();
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
      callback.succeeded();
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
      callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus status, Callback callback) {
      callback.succeeded();
    }
  }
}
