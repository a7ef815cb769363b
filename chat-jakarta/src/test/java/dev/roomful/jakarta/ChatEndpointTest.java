package dev.roomful.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Entry;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.ArgumentMatchers;

/** A container that calls in an order, or with values, that it should not. */
class ChatEndpointTest {
  private final List<String> told = new ArrayList<>();
  private final List<CloseStatus> reasons = new ArrayList<>();
  private Runnable whileJoining = () -> {};
  private final Chat chat = Chat.of(new Diary());
  private final JakartaChat mount = JakartaChat.of(chat, "/ws");
  private final ChatEndpoint endpoint = new ChatEndpoint(mount, Entry.of("ann", "hall"));
  private final Session session = mock(Session.class);
  private final EndpointConfig config = mock(EndpointConfig.class);
  private final Map<String, Object> properties = new HashMap<>();
  private final AtomicReference<MessageHandler.Partial<String>> texts = new AtomicReference<>();

  /** Everything runs on the test's own thread. */
  private final class Diary implements RoomHandler {
    @Override
    public void onJoin(Room room, Participant who) {
      told.add("joined");
      whileJoining.run();
    }

    @Override
    public void onMessage(Room room, Message message) {
      told.add("said " + message.text());
    }

    @Override
    public void onLeave(Room room, Participant who, CloseStatus why) {
      told.add("left");
      reasons.add(why);
    }
  }

  @BeforeEach
  void behave() {
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

  private static CloseReason reason(int code, String words) {
    return new CloseReason(() -> code, words);
  }

  @Test
  void whatASessionTellsComesToTheChat() {
    endpoint.onOpen(session, config);
    texts.get().onMessage("hel", false);
    texts.get().onMessage("lo", true);
    endpoint.onClose(session, reason(4711, "had enough"));
    assertEquals(List.of("joined", "said hello", "left"), told);
    assertEquals(List.of(new CloseStatus(4711, "had enough")), reasons);
  }

  @Test
  void theContainersIdleTimeoutIsSwitchedOff() {
    endpoint.onOpen(session, config);
    verify(session).setMaxIdleTimeout(0);
    endpoint.onClose(session, reason(1000, ""));
  }

  @Test
  void aCloseThatComesWhileTheOpeningStillRunsIsTold() {
    whileJoining = () -> endpoint.onClose(session, reason(1001, "gone already"));
    endpoint.onOpen(session, config);
    assertEquals(List.of("joined", "left"), told);
    assertEquals(List.of(new CloseStatus(1001, "gone already")), reasons);
  }

  @Test
  void ofTwoClosesTheFirstCounts() {
    endpoint.onOpen(session, config);
    endpoint.onClose(session, reason(1000, "first"));
    endpoint.onClose(session, reason(1011, "second"));
    assertEquals(List.of("joined", "left"), told);
    assertEquals(List.of(new CloseStatus(1000, "first")), reasons);
  }

  @Test
  void ofTwoClosesWhileTheOpeningStillRunsTheFirstCounts() {
    whileJoining =
        () -> {
          endpoint.onClose(session, reason(1000, "first"));
          endpoint.onClose(session, reason(1011, "second"));
        };
    endpoint.onOpen(session, config);
    assertEquals(List.of("joined", "left"), told);
    assertEquals(List.of(new CloseStatus(1000, "first")), reasons);
  }

  @Test
  void anErrorIsNoCloseButIsFollowedByOne() {
    endpoint.onOpen(session, config);
    endpoint.onError(session, new IOException("reset"));
    assertEquals(List.of("joined"), told);
    endpoint.onClose(session, reason(1006, "reset"));
    endpoint.onError(session, new IOException("and again"));
    assertEquals(List.of("joined", "left"), told);
  }

  @Test
  void anErrorBeforeTheOpeningIsNothing() {
    endpoint.onError(session, new IOException("early"));
    assertEquals(List.of(), told);
  }

  @Test
  void aMessageBehindTheCloseIsNotHeard() {
    endpoint.onOpen(session, config);
    endpoint.onClose(session, reason(1000, ""));
    texts.get().onMessage("too late", true);
    assertEquals(List.of("joined", "left"), told);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 999, 1006, 5000, 65535})
  void aCodeThatNoClientCanHaveSentIsALoss(int code) {
    endpoint.onOpen(session, config);
    endpoint.onClose(session, reason(code, "strange"));
    assertEquals(List.of(CloseStatus.LOST), reasons);
  }

  @Test
  void aCloseFrameWithoutACodeIsSeenAsSuch() {
    endpoint.onOpen(session, config);
    endpoint.onClose(session, new CloseReason(CloseCodes.NO_STATUS_CODE, null));
    assertEquals(List.of(new CloseStatus(1005, "")), reasons);
  }

  @Test
  void aReasonLongerThanACloseFrameCanHaveIsCutShort() {
    CloseReason rambling = mock(CloseReason.class);
    when(rambling.getCloseCode()).thenReturn(CloseCodes.UNEXPECTED_CONDITION);
    when(rambling.getReasonPhrase()).thenReturn("java.lang.Throwable: ".repeat(20));
    endpoint.onOpen(session, config);
    endpoint.onClose(session, rambling);
    assertEquals(List.of("joined", "left"), told);
    assertEquals(1011, reasons.get(0).code());
  }

  @Test
  void anEntryThatWasNotDecidedHereIsInTheUserProperties() {
    ChatEndpoint undecided = new ChatEndpoint(mount, null);
    properties.put(
        Decision.ENTRY, new Decision.Ticket(Entry.of("bob", "hall"), new AtomicBoolean()));
    undecided.onOpen(session, config);
    assertTrue(chat.participant("bob").isPresent());
    undecided.onClose(session, reason(1000, ""));
  }

  @Test
  void withoutAnEntryNobodyIsLetIn() {
    ChatEndpoint undecided = new ChatEndpoint(mount, null);
    IllegalStateException failure =
        assertThrows(IllegalStateException.class, () -> undecided.onOpen(session, config));
    assertTrue(failure.getMessage().contains("lost the user properties"), failure.getMessage());
    assertEquals(0, chat.connections());
    undecided.onError(session, failure);
    undecided.onClose(session, reason(1011, ""));
    assertEquals(List.of(), told);
  }
}
