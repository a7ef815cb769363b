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
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.xnio.conduits.ConduitStreamSinkChannel;

/** Reads and writes below the Jakarta API, on Undertow's channel. */
final class UndertowBinding implements ServerBinding {
  private static final System.Logger LOG = System.getLogger("dev.roomful.undertow");

  /** The channel's attribute that leads from a session's connection to its receiver. */
  private static final String FAILURES = WriteFailureReporter.class.getName();

  private final boolean usesConduits;
  private final AtomicBoolean fallbackLogged;
  private final @Nullable ConduitStreamSinkChannel sinkChannel;

  /** Creates the binding of all connections of a mounted chat. */
  UndertowBinding() {
    this(true, new AtomicBoolean(), null);
  }

  private UndertowBinding(
      boolean usesConduits,
      AtomicBoolean fallbackLogged,
      @Nullable ConduitStreamSinkChannel sinkChannel) {
    this.usesConduits = usesConduits;
    this.fallbackLogged = fallbackLogged;
    this.sinkChannel = sinkChannel;
  }

  /** Creates a binding that writes every batch through Undertow's queue. */
  static UndertowBinding queueing() {
    return new UndertowBinding(false, new AtomicBoolean(true), null);
  }

  @Override
  public ServerBinding forRequest(HttpServletRequest request) {
    ServletRequestContext context = ServletRequestContext.current();
    return context == null || !usesConduits
        ? this
        : new UndertowBinding(
            true,
            fallbackLogged,
            BatchConduit.sinkChannelOf(context.getExchange().getConnection()));
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
    WriteFailureReporter failures = new WriteFailureReporter(channel);
    channel.setAttribute(FAILURES, failures);
    BatchConduit conduit =
        sinkChannel == null ? null : BatchConduit.install(sinkChannel, channel, failures);
    if (conduit == null && !channel.isSecure() && fallbackLogged.compareAndSet(false, true)) {
      LOG.log(
          Level.INFO,
          "Connections of this server are written through Undertow's queue, which is slower than"
              + " writing to the socket. Possible reasons: a write timeout, a WebSocket extension,"
              + " or another version of Undertow.");
    }
    return new UndertowConnection(undertowSession, conduit, failures);
  }

  /** Undertow calls on a thread that reads for many connections and must not block. */
  @Override
  public Receiver receiver(Session session, Receiver receiver, Gateway gateway) {
    UndertowSession undertowSession = (UndertowSession) session;
    WebSocketChannel channel = undertowSession.getWebSocketChannel();
    InputControl control =
        new SessionInputControl(
            undertowSession,
            gateway.limits().closeTimeout(),
            (WriteFailureReporter) channel.getAttribute(FAILURES));
    Receiver opened =
        gateway.mayBlock()
            ? new WorkerReceiver(receiver, gateway.callbackExecutor(), control)
            : new SameThreadReceiver(receiver, control);
    if (channel instanceof CheckingChannel checking) {
      checking.onUnreportedFragment(opened::fragment);
    }
    return opened;
  }
}
