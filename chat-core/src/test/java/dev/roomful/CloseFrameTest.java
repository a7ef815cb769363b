package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testing.TestChat;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Messages that a transport has read before a client's close frame, and passes on after it. */
class CloseFrameTest {
  private static final Duration MOST_OF_THE_WRITE_TIMEOUT = Duration.ofSeconds(8);
  private static final CloseStatus CLIENT_STATUS = new CloseStatus(4001, "bye");

  private final List<String> events = new ArrayList<>();
  private final TestChat chat =
      TestChat.of(
          Chat.builder(
                  new RoomHandler() {
                    @Override
                    public void onMessage(Room room, Message message) {
                      events.add(message.text());
                    }

                    @Override
                    public void onLeave(Room room, Participant participant, CloseStatus status) {
                      events.add(participant.id() + " left: " + status.code());
                    }
                  })
              .limits(Limits.defaults().withOutboxBytes(1024).withResumeWindow(Duration.ZERO)));
  private final FakeConnection ann = FakeConnection.open(chat.chat(), "hall", "ann").hold();

  @AfterEach
  void close() {
    chat.close();
  }

  private Participant participant() {
    return chat.chat().participant("ann").orElseThrow();
  }

  /** Starts a write that does not end, then reports the close frame. */
  private void closeFrameArrivesWhileAWriteIsStuck() {
    assertTrue(participant().send("stuck").isDone());
    ann.receiver().closing(CLIENT_STATUS.code(), CLIENT_STATUS.reason());
  }

  @Test
  void aStuckWriteDoesNotDropThem() {
    closeFrameArrivesWhileAWriteIsStuck();
    for (String text : List.of("one", "two", "three")) {
      chat.advance(MOST_OF_THE_WRITE_TIMEOUT);
      ann.receiver().text(text);
    }
    ann.receiver().closed(CLIENT_STATUS.code(), CLIENT_STATUS.reason());
    assertEquals(List.of("one", "two", "three", "ann left: 4001"), events);
  }

  @Test
  void aFailedWriteDoesNotDropThem() {
    closeFrameArrivesWhileAWriteIsStuck();
    ann.completions().get(0).failed(new IOException("intended"));
    ann.receiver().text("one");
    ann.receiver().closed(CLIENT_STATUS.code(), CLIENT_STATUS.reason());
    assertEquals(List.of("one", "ann left: 4001"), events);
  }

  @Test
  void aFullOutboxDoesNotDropThem() {
    closeFrameArrivesWhileAWriteIsStuck();
    assertTrue(participant().send("x".repeat(400)).isDone());
    assertTrue(participant().send("x".repeat(400)).isDone());
    assertTrue(participant().send("x".repeat(400)).isRejected());
    assertTrue(participant().send("short").isRejected());
    ann.receiver().text("one");
    ann.receiver().closed(CLIENT_STATUS.code(), CLIENT_STATUS.reason());
    assertEquals(List.of("one", "ann left: 4001"), events);
  }

  @Test
  void aTransportThatReportsNothingMoreIsAbortedAtTheWriteTimeout() {
    closeFrameArrivesWhileAWriteIsStuck();
    chat.advance(MOST_OF_THE_WRITE_TIMEOUT);
    assertEquals(0, ann.aborts());
    chat.advance(MOST_OF_THE_WRITE_TIMEOUT);
    assertEquals(1, ann.aborts());
    assertEquals(List.of("ann left: 4001"), events);
  }
}
