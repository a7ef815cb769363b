package dev.roomful.tomcat;

import dev.roomful.jakarta.frames.AcceptedUpgrade;
import dev.roomful.jakarta.frames.ApplicationScope;
import dev.roomful.jakarta.frames.ClientConnection;
import dev.roomful.jakarta.frames.ClientSocket;
import jakarta.servlet.http.WebConnection;
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
  private final ApplicationScope scope = ApplicationScope.current();
  private @Nullable AcceptedUpgrade upgrade;
  private @Nullable SocketWrapperBase<?> wrapper;
  private volatile @Nullable ClientConnection connection;
  private volatile @Nullable Deadline deadline; // for the end of the connection

  /** Called by Tomcat, within the request. */
  public TomcatUpgradeHandler() {}

  /** Called within the request, before {@link #init}. */
  void prepare(AcceptedUpgrade accepted) {
    upgrade = accepted;
  }

  @Override
  public void setSocketWrapper(SocketWrapperBase<?> socketWrapper) {
    wrapper = socketWrapper;
  }

  @Override
  public void init(WebConnection webConnection) {
    SocketWrapperBase<?> socket = wrapper;
    AcceptedUpgrade accepted = upgrade;
    if (accepted == null || socket == null) {
      throw new IllegalStateException("Tomcat initialized an upgrade that was not prepared");
    }
    ClientConnection created = scope.connection(socketOf(socket), accepted);
    connection = created;
    created.start();
  }

  private ClientSocket socketOf(SocketWrapperBase<?> wrapper) {
    return wrapper.getSocket() instanceof NioChannel channel
            && !(channel instanceof SecureNioChannel)
        ? new PlainSocket(wrapper, channel, this::setDeadline)
        : new WrappedSocket(wrapper, this::setDeadline);
  }

  /** Is not moved by changes of the system's clock, unlike the time that Tomcat passes. */
  private record Deadline(long start, long nanos) {
    boolean hasPassed() {
      return System.nanoTime() - start >= nanos;
    }
  }

  void setDeadline(Duration time) {
    deadline = new Deadline(System.nanoTime(), time.toNanos());
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
   * Aborts the connection if its end takes too long. Tomcat calls it about once a second.
   *
   * @param now the system's clock; negative when the connector stops
   */
  @Override
  public void timeoutAsync(long now) {
    ClientConnection opened = connection;
    Deadline end = deadline;
    if (opened != null && (now < 0 || (end != null && end.hasPassed()))) {
      opened.abort();
    }
  }

  @Override
  public void destroy() {
    ClientConnection opened = connection;
    if (opened != null) {
      opened.onSocketClosed();
    }
  }

  @Override
  public void setSslSupport(SSLSupport sslSupport) {}

  @Override
  public void pause() {}
}
