package dev.roomful.jetty;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import org.eclipse.jetty.ee11.servlet.ServletCoreRequest;
import org.eclipse.jetty.ee11.servlet.ServletCoreResponse;
import org.eclipse.jetty.ee11.websocket.jakarta.common.ConfiguredEndpoint;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Context;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.FutureCallback;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.WebSocketConnection;
import org.eclipse.jetty.websocket.core.WebSocketConstants;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;
import org.eclipse.jetty.websocket.core.server.FrameHandlerFactory;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;
import org.jspecify.annotations.Nullable;

/**
 * Upgrades one request as Jetty's container does, but to a {@link BatchConnection} with a {@link
 * ControlFrameHandler}. Jetty keeps the new connection in an attribute of the request and opens it
 * when the request has been handled; until then it can be replaced.
 */
final class JettyUpgrade implements WebSocketNegotiator {
  private final FrameHandlerFactory frameHandlers;
  private final ServerEndpointConfig config;
  private @Nullable WebSocketCoreSession session;

  /**
   * @param frameHandlers creates Jetty's frame handler for a Jakarta endpoint
   * @param config the endpoint, for this handshake alone
   */
  JettyUpgrade(FrameHandlerFactory frameHandlers, ServerEndpointConfig config) {
    this.frameHandlers = frameHandlers;
    this.config = config;
  }

  void run(HttpServletRequest request, HttpServletResponse response, WebSocketComponents components)
      throws IOException {
    Request coreRequest = ServletCoreRequest.wrap(request);
    Response coreResponse = ServletCoreResponse.wrap(coreRequest, response, false);
    FutureCallback negotiated = new FutureCallback();
    coreRequest.setAttribute(WebSocketConstants.WEBSOCKET_WRAPPED_REQUEST_ATTRIBUTE, request);
    try {
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
    } finally {
      coreRequest.removeAttribute(WebSocketConstants.WEBSOCKET_WRAPPED_REQUEST_ATTRIBUTE);
    }
    WebSocketCoreSession opening = session;
    if (opening != null
        && !opening.getExtensionStack().hasNegotiatedExtensions()
        && coreRequest.getAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE)
            instanceof WebSocketConnection original) {
      Runnable resetStream =
          isHttp2(coreRequest) ? new StreamReset(original.getEndPoint()) : () -> {};
      Connection replacement =
          replaceConnection(
              original, opening, coreRequest.getConnectionMetaData().getConnector(), resetStream);
      coreRequest.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, replacement);
    }
  }

  private static boolean isHttp2(Request request) {
    return request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2;
  }

  private static Connection replaceConnection(
      WebSocketConnection original,
      WebSocketCoreSession session,
      Connector connector,
      Runnable resetStream) {
    BatchConnection replacement =
        new BatchConnection(
            original.getEndPoint(),
            original.getExecutor(),
            connector.getScheduler(),
            connector.getByteBufferPool(),
            session,
            resetStream);
    replacement.setUseInputDirectByteBuffers(original.isUseInputDirectByteBuffers());
    replacement.setUseOutputDirectByteBuffers(original.isUseOutputDirectByteBuffers());
    connector.getEventListeners().forEach(replacement::addEventListener);
    session.setWebSocketConnection(replacement);
    return replacement;
  }

  @Override
  public FrameHandler negotiate(
      ServerUpgradeRequest request, ServerUpgradeResponse response, Callback callback) {
    ServerEndpointConfig.Configurator configurator = config.getConfigurator();
    String subprotocol =
        configurator.getNegotiatedSubprotocol(config.getSubprotocols(), request.getSubProtocols());
    if (!subprotocol.isEmpty()) {
      response.setAcceptedSubProtocol(subprotocol);
    }
    response.setExtensions(List.of());
    Object endpoint;
    try {
      endpoint = configurator.getEndpointInstance(config.getEndpointClass());
    } catch (InstantiationException impossible) {
      throw new IllegalStateException(impossible);
    }
    FrameHandler jakarta =
        frameHandlers.newFrameHandler(new ConfiguredEndpoint(endpoint, config), request, response);
    return new ControlFrameHandler(jakarta, callbackExecutor(request));
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

  /** Called once with the new session; Jetty offers no other access to it before it is opened. */
  @Override
  public void customize(Configuration configurable) {
    if (configurable instanceof WebSocketCoreSession coreSession) {
      session = coreSession;
    }
  }
}
