package dev.roomful.undertow;

import dev.roomful.Limits;
import dev.roomful.jakarta.ServerBinding;
import dev.roomful.transport.Connection;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Receiver;
import io.undertow.servlet.handlers.ServletRequestContext;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.jsr.ServerWebSocketContainer;
import io.undertow.websockets.jsr.UndertowSession;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.xnio.conduits.ConduitStreamSinkChannel;

/** Writes and reads below the Jakarta API, on Undertow's channel. */
final class UndertowBinding implements ServerBinding {
  private static final System.Logger LOG = System.getLogger("dev.roomful.undertow");

  private final AtomicBoolean fallbackLogged;
  private final @Nullable ConduitStreamSinkChannel sinkChannel;

  /** For all connections. */
  UndertowBinding() {
    this(new AtomicBoolean(), null);
  }

  /** For one, with the place of its gate if there is one. */
  private UndertowBinding(
      AtomicBoolean fallbackLogged, @Nullable ConduitStreamSinkChannel sinkChannel) {
    this.fallbackLogged = fallbackLogged;
    this.sinkChannel = sinkChannel;
  }

  @Override
  public ServerBinding forRequest(HttpServletRequest request) {
    ServletRequestContext context = ServletRequestContext.current();
    return context == null
        ? this
        : new UndertowBinding(
            fallbackLogged, BatchConduit.sinkChannelOf(context.getExchange().getConnection()));
  }

  @Override
  public void upgrade(
      ServerContainer container,
      HttpServletRequest request,
      HttpServletResponse response,
      ServerEndpointConfig config,
      Map<String, String> parameters,
      Gateway gateway)
      throws IOException, DeploymentException {
    if (container instanceof ServerWebSocketContainer undertowContainer) {
      new UndertowUpgrade(undertowContainer, config).run(request, response, parameters);
    } else {
      ServerBinding.super.upgrade(container, request, response, config, parameters, gateway);
    }
  }

  @Override
  public Connection connection(Session session, Limits limits) {
    UndertowSession undertowSession = (UndertowSession) session;
    WebSocketChannel channel = undertowSession.getWebSocketChannel();
    BatchConduit conduit = sinkChannel == null ? null : BatchConduit.install(sinkChannel, channel);
    if (conduit == null && !channel.isSecure() && fallbackLogged.compareAndSet(false, true)) {
      LOG.log(
          Level.INFO,
          "connections of this server are written through Undertow's own queue, which is slower: a"
              + " write timeout or an extension is in the way, or Undertow is of another version");
    }
    return new UndertowConnection(undertowSession, conduit);
  }

  /** Undertow calls on the thread that reads for many connections, which must never wait. */
  @Override
  public Receiver receiver(Session session, Receiver receiver, Gateway gateway) {
    UndertowSession undertowSession = (UndertowSession) session;
    WebSocketChannel channel = undertowSession.getWebSocketChannel();
    long delayMillis = gateway.limits().closeTimeout().toMillis();
    Runnable afterClose = () -> closeSocketAfter(undertowSession, delayMillis);
    return gateway.mayBlock()
        ? new WorkerReceiver(
            receiver,
            channel.getWorker(),
            channel::suspendReceives,
            channel::resumeReceives,
            afterClose)
        : new DirectReceiver(receiver, afterClose);
  }

  /** Undertow leaves the socket of a closed session open until the client closes it, or never. */
  private static void closeSocketAfter(UndertowSession session, long delayMillis) {
    try {
      session
          .getWebSocketChannel()
          .getIoThread()
          .executeAfter(session::forceClose, delayMillis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException stopped) {
      // The server has stopped, and closes all its sockets itself. The closing must be told yet.
    }
  }
}
