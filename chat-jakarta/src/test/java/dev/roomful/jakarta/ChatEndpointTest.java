package dev.roomful.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.admission.AcceptedAdmission;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.ArgumentCaptor;
import org.mockito.ArgumentMatchers;

/** Calls of a container, in lawful and unlawful order, with lawful and unlawful values. */
class ChatEndpointTest {
  private final List<String> events = new ArrayList<>();
  private final List<CloseStatus> closeStatuses = new ArrayList<>();
  private Runnable whileJoining = () -> {};
  private final Chat chat = Chat.builder(new EventRecorder()).nonBlocking().build();
  private final JakartaChat mount = JakartaChat.of(chat, "/ws");
  private final ChatEndpoint endpoint =
      new ChatEndpoint(mount, accepted(AcceptedAdmission.of("ann", "hall")));
  private final Session session = mock(Session.class);
  private final EndpointConfig config = mock(EndpointConfig.class);
  private final Map<String, Object> properties = new HashMap<>();
  private final AtomicReference<MessageHandler.Partial<String>> texts = new AtomicReference<>();

  /** Records the events of the chat, which happen on the test's thread. */
  private final class EventRecorder implements RoomHandler {
    @Override
    public void onJoin(Room room, Participant participant) {
      events.add("joined");
      whileJoining.run();
    }

    @Override
    public void onMessage(Room room, Message message) {
      events.add("message " + message.text());
    }

    @Override
    public void onLeave(Room room, Participant participant, CloseStatus status) {
      events.add("left");
      closeStatuses.add(status);
    }
  }

  @BeforeEach
  void stubSession() {
    when(session.getAsyncRemote()).thenReturn(mock(RemoteEndpoint.Async.class));
    when(session.getUserProperties()).thenReturn(properties);
    when(session.getId()).thenReturn("7");
    doAnswer(
            call -> {
              texts.set(call.getArgument(1));
              return null;
            })
        .when(session)
        .addMessageHandler(
            eq(String.class), ArgumentMatchers.<MessageHandler.Partial<String>>any());
  }

  @AfterEach
  void nothingIsLeft() {
    assertEquals(0, chat.connections());
    assertEquals(0, chat.participants());
    chat.close();
  }

  private static AcceptedHandshake accepted(AcceptedAdmission admission) {
    return new AcceptedHandshake(admission, ServerBinding.plain(), null, null);
  }

  /** Records what it contains, and can be ended. */
  private static final class RecordingRegistry implements HttpSessionRegistry {
    final List<Runnable> connections = new ArrayList<>();
    boolean ended;

    @Override
    public boolean add(Runnable close) {
      return !ended && connections.add(close);
    }

    @Override
    public void remove(Runnable close) {
      connections.remove(close);
    }
  }

  private ChatEndpoint endpoint(RecordingRegistry httpSession) {
    return new ChatEndpoint(
        mount,
        new AcceptedHandshake(
            AcceptedAdmission.of("ann", "hall"), ServerBinding.plain(), null, httpSession));
  }

  private void assertClosedWithHttpSession() throws IOException {
    ArgumentCaptor<CloseReason> closed = ArgumentCaptor.forClass(CloseReason.class);
    verify(session).close(closed.capture());
    assertEquals(1008, closed.getValue().getCloseCode().getCode());
    assertEquals("the HTTP session has ended", closed.getValue().getReasonPhrase());
  }

  private static CloseReason reason(int code, String phrase) {
    return new CloseReason(() -> code, phrase);
  }

  @Test
  void sessionEventsReachTheChat() {
    endpoint.onOpen(session, config);
    texts.get().onMessage("hel", false);
    texts.get().onMessage("lo", true);
    endpoint.onClose(session, reason(4711, "had enough"));
    assertEquals(List.of("joined", "message hello", "left"), events);
    assertEquals(List.of(new CloseStatus(4711, "had enough")), closeStatuses);
  }

  @Test
  void theContainersIdleTimeoutIsSwitchedOff() {
    endpoint.onOpen(session, config);
    verify(session).setMaxIdleTimeout(0);
    endpoint.onClose(session, reason(1000, ""));
  }

  @Test
  void aCloseDuringTheOpeningIsReported() {
    whileJoining = () -> endpoint.onClose(session, reason(1001, "leaving"));
    endpoint.onOpen(session, config);
    assertEquals(List.of("joined", "left"), events);
    assertEquals(List.of(new CloseStatus(1001, "leaving")), closeStatuses);
  }

  @Test
  void ofTwoClosesTheFirstCounts() {
    endpoint.onOpen(session, config);
    endpoint.onClose(session, reason(1000, "first"));
    endpoint.onClose(session, reason(1011, "second"));
    assertEquals(List.of("joined", "left"), events);
    assertEquals(List.of(new CloseStatus(1000, "first")), closeStatuses);
  }

  @Test
  void ofTwoClosesDuringTheOpeningTheFirstCounts() {
    whileJoining =
        () -> {
          endpoint.onClose(session, reason(1000, "first"));
          endpoint.onClose(session, reason(1011, "second"));
        };
    endpoint.onOpen(session, config);
    assertEquals(List.of("joined", "left"), events);
    assertEquals(List.of(new CloseStatus(1000, "first")), closeStatuses);
  }

  @Test
  void anErrorAloneDoesNotCloseTheConnection() {
    endpoint.onOpen(session, config);
    endpoint.onError(session, new IOException("reset"));
    assertEquals(List.of("joined"), events);
    endpoint.onClose(session, reason(1006, "reset"));
    endpoint.onError(session, new IOException("and again"));
    assertEquals(List.of("joined", "left"), events);
  }

  @Test
  void anErrorBeforeTheOpeningIsIgnored() {
    endpoint.onError(session, new IOException("early"));
    assertEquals(List.of(), events);
  }

  @Test
  void aMessageAfterTheCloseIsIgnored() {
    endpoint.onOpen(session, config);
    endpoint.onClose(session, reason(1000, ""));
    texts.get().onMessage("too late", true);
    assertEquals(List.of("joined", "left"), events);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 999, 1006, 5000, 65535})
  void aCodeThatNoClientCanSendIsReportedAsLost(int code) {
    endpoint.onOpen(session, config);
    endpoint.onClose(session, reason(code, "strange"));
    assertEquals(List.of(CloseStatus.LOST), closeStatuses);
  }

  @Test
  void aCloseFrameWithoutACodeIsReportedAs1005() {
    endpoint.onOpen(session, config);
    endpoint.onClose(session, new CloseReason(CloseCodes.NO_STATUS_CODE, null));
    assertEquals(List.of(new CloseStatus(1005, "")), closeStatuses);
  }

  @Test
  void anOverlongReasonIsTruncated() {
    CloseReason longReason = mock(CloseReason.class);
    when(longReason.getCloseCode()).thenReturn(CloseCodes.UNEXPECTED_CONDITION);
    when(longReason.getReasonPhrase()).thenReturn("java.lang.Throwable: ".repeat(20));
    endpoint.onOpen(session, config);
    endpoint.onClose(session, longReason);
    assertEquals(List.of("joined", "left"), events);
    assertEquals(1011, closeStatuses.get(0).code());
  }

  @Test
  void theAdmissionIsTakenFromTheUserProperties() {
    ChatEndpoint withoutAdmission = new ChatEndpoint(mount, null);
    properties.put(
        AdmittingConfigurator.HANDSHAKE_KEY, accepted(AcceptedAdmission.of("bob", "hall")));
    withoutAdmission.onOpen(session, config);
    assertTrue(chat.participant("bob").isPresent());
    withoutAdmission.onClose(session, reason(1000, ""));
  }

  @Test
  void anAdmissionOpensOneSession() {
    AcceptedHandshake handshake = accepted(AcceptedAdmission.of("bob", "hall"));
    ChatEndpoint first = new ChatEndpoint(mount, handshake);
    first.onOpen(session, config);
    assertThrows(
        IllegalStateException.class,
        () -> new ChatEndpoint(mount, handshake).onOpen(session, config));
    first.onClose(session, reason(1000, ""));
  }

  @Test
  void anOpenConnectionDoesNotKeepItsAdmission() {
    AcceptedAdmission admission = AcceptedAdmission.of("bob", "hall");
    WeakReference<AcceptedAdmission> reference = new WeakReference<>(admission);
    AcceptedHandshake handshake = accepted(admission);
    UpgradeConfigurator kept = new UpgradeConfigurator(mount, handshake);
    ChatEndpoint opened = kept.getEndpointInstance(ChatEndpoint.class);
    opened.onOpen(session, config);
    admission = null;
    Await.collected("the admission", reference);
    opened.onClose(session, reason(1000, ""));
    assertNull(handshake.take());
  }

  @Test
  void aConnectionIsInItsHttpSessionWhileItIsOpen() throws IOException {
    RecordingRegistry httpSession = new RecordingRegistry();
    ChatEndpoint inSession = endpoint(httpSession);
    inSession.onOpen(session, config);
    assertEquals(1, httpSession.connections.size());
    httpSession.connections.get(0).run();
    assertClosedWithHttpSession();
    inSession.onClose(session, reason(1008, ""));
    assertEquals(List.of(), httpSession.connections);
  }

  @Test
  void aConnectionThatClosesDuringTheOpeningIsNotLeftInItsHttpSession() {
    RecordingRegistry httpSession = new RecordingRegistry();
    ChatEndpoint inSession = endpoint(httpSession);
    whileJoining = () -> inSession.onClose(session, reason(1001, ""));
    inSession.onOpen(session, config);
    assertEquals(List.of(), httpSession.connections);
  }

  @Test
  void aConnectionWhoseHttpSessionEndedSinceTheHandshakeIsClosed() throws IOException {
    RecordingRegistry httpSession = new RecordingRegistry();
    httpSession.ended = true;
    ChatEndpoint inSession = endpoint(httpSession);
    inSession.onOpen(session, config);
    assertClosedWithHttpSession();
    inSession.onClose(session, reason(1008, ""));
  }

  @Test
  void aSessionThatCannotBeClosedWithItsHttpSessionDoesNotThrow() throws IOException {
    RecordingRegistry httpSession = new RecordingRegistry();
    ChatEndpoint inSession = endpoint(httpSession);
    inSession.onOpen(session, config);
    doThrow(new IllegalStateException("closed")).when(session).close(any(CloseReason.class));
    httpSession.connections.get(0).run();
    inSession.onClose(session, reason(1006, ""));
  }

  @Test
  void openingWithoutAnAdmissionFails() {
    ChatEndpoint withoutAdmission = new ChatEndpoint(mount, null);
    IllegalStateException failure =
        assertThrows(IllegalStateException.class, () -> withoutAdmission.onOpen(session, config));
    assertTrue(
        failure.getMessage().startsWith("session 7 has no accepted handshake"),
        failure.getMessage());
    assertEquals(0, chat.connections());
    withoutAdmission.onError(session, failure);
    withoutAdmission.onClose(session, reason(1011, ""));
    assertEquals(List.of(), events);
  }
}
