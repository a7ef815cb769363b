package dev.roomful.tomcat;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.roomful.Chat;
import dev.roomful.RoomHandler;
import dev.roomful.jakarta.frames.AcceptedUpgrade;
import dev.roomful.jakarta.frames.ApplicationScope;
import dev.roomful.jakarta.frames.ReadBuffers;
import dev.roomful.testsupport.Await;
import dev.roomful.transport.Gateway;
import jakarta.servlet.http.WebConnection;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The end of a connection, and of the thread that reads. */
class TomcatUpgradeHandlerTest {
  private static final String THREAD = "roomful-read-for-deadlines";
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final Chat chat = Chat.of(new RoomHandler() {});
  private final SocketWrapperBase<?> wrapper = mock();
  private final ReadLoop loop = new ReadLoop(THREAD);
  private final TomcatUpgradeHandler handler = new TomcatUpgradeHandler();

  /** Opens nothing. */
  public static final class IdleEndpoint extends Endpoint {
    @Override
    public void onOpen(Session session, EndpointConfig config) {}
  }

  @BeforeEach
  void open() {
    when(wrapper.getLock()).thenReturn(new ReentrantLock());
    init(handler, wrapper);
  }

  private void init(TomcatUpgradeHandler handler, SocketWrapperBase<?> wrapper) {
    handler.setSocketWrapper(wrapper);
    handler.prepare(
        AcceptedUpgrade.of(
            ServerEndpointConfig.Builder.create(IdleEndpoint.class, "/").build(),
            Gateway.of(chat),
            new ReadBuffers()),
        ApplicationScope.current(null, Gateway.of(chat)),
        loop);
    handler.init(mock(WebConnection.class));
  }

  @AfterEach
  void closeChat() {
    chat.close();
  }

  @Test
  void aConnectionThatDoesNotEndInTimeIsAborted() {
    handler.setDeadline(Duration.ofMillis(1));
    verify(wrapper, timeout(Await.TIMEOUT.toMillis())).close();
  }

  @Test
  void aConnectionThatHasEndedIsNotAborted() throws Exception {
    handler.setDeadline(Duration.ofMillis(50));
    handler.destroy();
    CountDownLatch later = new CountDownLatch(1);
    loop.abortAfter(Duration.ofMillis(60).toNanos(), later::countDown);
    assertTrue(later.await(Await.TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
    verify(wrapper, never()).close();
  }

  @Test
  void theThreadDoesNotStayForAConnectionThatHasEnded() throws Exception {
    handler.setDeadline(Duration.ofHours(1));
    handler.setDeadline(Duration.ofHours(2));
    handler.destroy();
    handler.setDeadline(Duration.ofHours(3));
    Await.until("the thread has ended", () -> !threadRuns());
  }

  private static boolean threadRuns() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals(THREAD));
  }

  /** Tomcat closes the channel after it has reported the end. */
  @Test
  void theThreadDoesNotStayForAChannelThatTomcatIsAboutToClose() throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open().bind(LOOPBACK);
        SocketChannel client = SocketChannel.open(server.getLocalAddress());
        SocketChannel accepted = server.accept()) {
      accepted.configureBlocking(false);
      SocketWrapperBase<NioChannel> plain = plainSocket(accepted);
      TomcatUpgradeHandler plainHandler = new TomcatUpgradeHandler();
      init(plainHandler, plain);
      Await.until("the channel is watched", accepted::isRegistered);
      plainHandler.destroy();
      Await.until("the thread has ended", () -> !threadRuns());
      assertTrue(accepted.isOpen());
      assertTrue(client.isConnected());
    }
  }

  private static SocketWrapperBase<NioChannel> plainSocket(SocketChannel accepted) {
    NioChannel channel = mock();
    when(channel.getIOChannel()).thenReturn(accepted);
    SocketBufferHandler buffers = mock();
    when(buffers.getReadBuffer()).thenReturn(ByteBuffer.allocate(0));
    SocketWrapperBase<NioChannel> plain = mock();
    when(plain.getSocket()).thenReturn(channel);
    when(plain.getSocketBufferHandler()).thenReturn(buffers);
    when(plain.getLock()).thenReturn(new ReentrantLock());
    return plain;
  }

  @Test
  void aConnectorThatStopsAbortsItsConnections() {
    handler.timeoutAsync(1);
    verify(wrapper, never()).close();
    handler.timeoutAsync(-1);
    verify(wrapper).close();
  }
}
