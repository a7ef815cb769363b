package dev.roomful.tomcat;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.roomful.Chat;
import dev.roomful.RoomHandler;
import dev.roomful.jakarta.frames.AcceptedUpgrade;
import dev.roomful.jakarta.frames.ReadBuffers;
import dev.roomful.transport.Gateway;
import jakarta.servlet.http.WebConnection;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The end of a connection whose client does not answer a close frame. */
class TomcatUpgradeHandlerTest {
  /** What Tomcat passes after somebody has set the system's clock back. */
  private static final long YEAR_1970 = 1;

  private final Chat chat = Chat.of(new RoomHandler() {});
  private final SocketWrapperBase<?> wrapper = mock();
  private final TomcatUpgradeHandler handler = new TomcatUpgradeHandler();

  /** Opens nothing. */
  public static final class IdleEndpoint extends Endpoint {
    @Override
    public void onOpen(Session session, EndpointConfig config) {}
  }

  @BeforeEach
  void open() {
    when(wrapper.getLock()).thenReturn(new ReentrantLock());
    handler.setSocketWrapper(wrapper);
    handler.prepare(
        AcceptedUpgrade.of(
            ServerEndpointConfig.Builder.create(IdleEndpoint.class, "/").build(),
            Gateway.of(chat),
            new ReadBuffers()));
    handler.init(mock(WebConnection.class));
  }

  @AfterEach
  void closeChat() {
    chat.close();
  }

  @Test
  void aConnectionThatDoesNotEndInTimeIsAbortedAlsoWhenTheClockIsSetBack() {
    handler.setDeadline(Duration.ZERO);
    handler.timeoutAsync(YEAR_1970);
    verify(wrapper).close();
  }

  @Test
  void aConnectionWithTimeLeftIsNotAbortedWhenTheClockIsSetForward() {
    handler.setDeadline(Duration.ofDays(1));
    handler.timeoutAsync(Long.MAX_VALUE);
    verify(wrapper, never()).close();
  }
}
