package dev.roomful.jetty;

import dev.roomful.jakarta.frames.AcceptedUpgrade;
import dev.roomful.jakarta.frames.ClientConnection;
import dev.roomful.jakarta.frames.WebSocketHandshake;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.Executor;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Context;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.TunnelSupport;
import org.eclipse.jetty.util.VirtualThreads;

/**
 * Upgrades one request to a {@link JettySocket}, without Jetty's WebSocket module. Jetty takes the
 * new connection from an attribute of the request and opens it when the request has been handled.
 */
final class JettyUpgrade {
  private JettyUpgrade() {}

  static void run(HttpServletRequest request, HttpServletResponse response, AcceptedUpgrade upgrade)
      throws IOException {
    Request coreRequest = ServletContextRequest.getServletContextRequest(request);
    ConnectionMetaData connection = coreRequest.getConnectionMetaData();
    if (connection.getHttpVersion() != HttpVersion.HTTP_2) {
      response.setStatus(HttpServletResponse.SC_SWITCHING_PROTOCOLS);
      WebSocketHandshake.accept(request, response, upgrade.config());
      open(coreRequest, connection.getConnection().getEndPoint(), () -> {}, upgrade);
      return;
    }
    TunnelSupport tunnel = coreRequest.getTunnelSupport();
    if (tunnel == null || !"websocket".equals(tunnel.getProtocol())) {
      response.sendError(HttpServletResponse.SC_NOT_IMPLEMENTED, "the :protocol is not websocket");
      return;
    }
    WebSocketHandshake.acceptSubprotocol(request, response, upgrade.config());
    open(coreRequest, tunnel.getEndPoint(), new StreamReset(tunnel.getEndPoint()), upgrade);
  }

  private static void open(
      Request request, EndPoint endPoint, Runnable reset, AcceptedUpgrade upgrade) {
    Connector connector = request.getConnectionMetaData().getConnector();
    Context context = request.getContext();
    Executor callbacks = callbackExecutor(request);
    JettySocket socket =
        new JettySocket(
            endPoint,
            connector.getExecutor(),
            connector.getScheduler(),
            reset,
            opened -> new ClientConnection(opened, upgrade, context::run, callbacks));
    connector.getEventListeners().forEach(socket::addEventListener);
    request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, socket);
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
}
