package dev.roomful.tomcat;

import dev.roomful.internal.validation.FailureLog;
import dev.roomful.jakarta.frames.AcceptedUpgrade;
import dev.roomful.jakarta.frames.ApplicationScope;
import dev.roomful.jakarta.frames.ClientConnection;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.time.Duration;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SSLSupport;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Receives the events of one upgraded connection. Public only because Tomcat creates it; {@link
 * TomcatChat} uses it, and applications have no use for it.
 */
public final class TomcatUpgradeHandler implements InternalHttpUpgradeHandler {
  private static final FailureLog LOG = new FailureLog("dev.roomful.tomcat");

  private @Nullable ApplicationScope scope;
  private @Nullable AcceptedUpgrade upgrade; // until the connection is created
  private @Nullable ReadLoop readLoop;
  private @Nullable SocketWrapperBase<?> wrapper;
  private @Nullable PlainSocket plainSocket; // null if Tomcat reads
  private volatile @Nullable ClientConnection connection;
  private ReadLoop.@Nullable Deadline deadline; // for the end of the connection; guarded by this
  private boolean ended; // guarded by this

  /** Called by Tomcat, within the request. */
  public TomcatUpgradeHandler() {}

  /** Called within the request, before {@link #init}. */
  void prepare(AcceptedUpgrade accepted, ApplicationScope current, ReadLoop assigned) {
    upgrade = accepted;
    scope = current;
    readLoop = assigned;
  }

  @Override
  public void setSocketWrapper(SocketWrapperBase<?> socketWrapper) {
    wrapper = socketWrapper;
  }

  @Override
  public void init(WebConnection webConnection) {
    SocketWrapperBase<?> socket = wrapper;
    AcceptedUpgrade accepted = upgrade;
    ApplicationScope current = scope;
    ReadLoop assigned = readLoop;
    if (accepted == null || current == null || assigned == null || socket == null) {
      throw new IllegalStateException("Tomcat initialized an upgrade that was not prepared");
    }
    upgrade = null;
    if (socket.getSocket() instanceof NioChannel channel
        && !(channel instanceof SecureNioChannel)) {
      PlainSocket plain =
          new PlainSocket(
              socket,
              channel,
              assigned,
              this::setDeadline,
              own -> current.connection(own, accepted));
      plainSocket = plain;
      connection = plain.client();
      if (plain.client().start()) {
        plain.readLater();
      }
    } else {
      WrappedSocket wrapped = new WrappedSocket(socket, this::setDeadline);
      ClientConnection created = current.connection(wrapped, accepted);
      connection = created;
      created.start();
    }
  }

  /** {@return whether Tomcat reports only that the socket is writable, or closed} */
  @Override
  public boolean hasAsyncIO() {
    return plainSocket != null;
  }

  void setDeadline(Duration time) {
    ClientConnection opened = connection;
    ReadLoop loop = readLoop;
    if (opened == null || loop == null) {
      return;
    }
    try {
      startDeadline(loop, opened, time);
    } catch (IOException | Error failure) { // There is no descriptor, or no thread.
      LOG.error(() -> "The end of a connection cannot be awaited; aborting it", failure);
      opened.abort();
    }
  }

  /** The first deadline counts. */
  private synchronized void startDeadline(ReadLoop loop, ClientConnection opened, Duration time)
      throws IOException {
    if (deadline == null && !ended) {
      deadline = loop.abortAfter(time.toNanos(), opened::abort);
    }
  }

  @Override
  public SocketState upgradeDispatch(SocketEvent event) {
    ClientConnection opened = connection;
    if (opened == null) {
      return SocketState.CLOSED;
    }
    return switch (event) {
      case OPEN_READ ->
          switch (opened.onReadable()) {
            case READ -> SocketState.UPGRADED;
            case PAUSE -> SocketState.SUSPENDED;
            case CLOSE -> SocketState.CLOSED;
          };
      case OPEN_WRITE -> {
        opened.onWritable();
        yield SocketState.UPGRADED;
      }
      default -> SocketState.CLOSED;
    };
  }

  /**
   * Aborts the connection when the connector stops.
   *
   * @param now the system's clock; negative when the connector stops
   */
  @Override
  public void timeoutAsync(long now) {
    ClientConnection opened = connection;
    if (opened != null && now < 0) {
      opened.abort();
    }
  }

  /** Tomcat closes the channel after this call, so the thread that reads is told to leave it. */
  @Override
  public void destroy() {
    ClientConnection opened = connection;
    if (opened != null) {
      opened.onSocketClosed();
    }
    cancelDeadline();
    PlainSocket plain = plainSocket;
    if (plain != null) {
      plain.endReading();
    }
    ReadLoop loop = readLoop;
    if (loop != null) {
      loop.wake();
    }
  }

  private synchronized void cancelDeadline() {
    ended = true;
    if (deadline != null) {
      deadline.cancel();
    }
  }

  @Override
  public void setSslSupport(SSLSupport sslSupport) {}

  @Override
  public void pause() {}
}
