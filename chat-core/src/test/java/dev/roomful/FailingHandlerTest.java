package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.Rejection;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testsupport.LogCapture;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Guarantee 9: a failing callback is contained and logged once. */
class FailingHandlerTest {
  private final LogCapture log = new LogCapture();

  @AfterEach
  void close() {
    log.close();
  }

  /** Records each callback, and fails in one of them for mallory. */
  private static final class Failing extends CallbackRecorder {
    private final String callback;
    private final Throwable failure;

    Failing(String callback, Throwable failure) {
      this.callback = callback;
      this.failure = failure;
    }

    @Override
    public void onJoin(Room room, Participant participant) {
      super.onJoin(room, participant);
      maybeFail("onJoin", participant);
    }

    @Override
    public void onMessage(Room room, Message message) {
      super.onMessage(room, message);
      maybeFail("onMessage", message.participant());
    }

    @Override
    public void onLeave(Room room, Participant participant, CloseStatus status) {
      super.onLeave(room, participant, status);
      maybeFail("onLeave", participant);
    }

    private void maybeFail(String current, Participant participant) {
      if (current.equals(callback) && participant.id().equals("mallory")) {
        if (failure instanceof Error error) {
          throw error;
        }
        throw (RuntimeException) failure;
      }
    }
  }

  private void assertLoggedOnce(String callback, Throwable failure) {
    assertEquals(1, log.records().size());
    LogRecord entry = log.records().get(0);
    assertEquals(
        callback
            + " threw an exception [event=handler-failed callback="
            + callback
            + " participant=mallory room=lobby]",
        entry.getMessage());
    assertEquals(Level.SEVERE, entry.getLevel());
    assertSame(failure, entry.getThrown());
  }

  @Test
  void aMessageWhoseHandlerFailsIsRejectedAndItsConnectionStaysOpen() {
    Failing handler = new Failing("onMessage", new IllegalStateException("boom"));
    try (TestChat chat = TestChat.of(handler)) {
      TestClient mallory = chat.connect("lobby", "mallory");
      mallory.send("hello");
      assertTrue(mallory.isOpen());
      assertEquals(List.of("hello", "internal error"), mallory.received());
      assertEquals(1, chat.chat().failedCallbacks());
    }
  }

  static List<RuntimeException> rejections() {
    RejectedException rejected = new RejectedException(Rejection.of(409, "not now"));
    return List.of(rejected, new CompletionException(rejected));
  }

  @ParameterizedTest
  @MethodSource("rejections")
  void aRejectedExceptionRejectsTheMessageAndIsNoFailure(RuntimeException rejection) {
    Failing handler = new Failing("onMessage", rejection);
    try (TestChat chat =
        TestChat.of(Chat.builder(handler).onMessageFailure(Chat.OnFailure.CLOSE_CONNECTION))) {
      TestClient mallory = chat.connect("lobby", "mallory");
      mallory.send("hello");
      assertTrue(mallory.isOpen());
      assertEquals(List.of("hello", "not now"), mallory.received());
      assertEquals(0, chat.chat().failedCallbacks());
      assertEquals(List.of(), log.records());
    }
  }

  @Test
  void aFailingOnMessageClosesItsConnectionIfTheChatIsSoConfigured() {
    RuntimeException failure = new IllegalStateException("boom");
    Failing handler = new Failing("onMessage", failure);
    try (TestChat chat =
        TestChat.of(Chat.builder(handler).onMessageFailure(Chat.OnFailure.CLOSE_CONNECTION))) {
      TestClient alice = chat.connect("lobby", "alice");
      TestClient mallory = chat.connect("lobby", "mallory");
      TestClient tab = chat.connect("lobby", "mallory");
      handler.takeEntries();
      mallory.send("hello");
      assertEquals(Optional.of(CloseStatus.FAILED), mallory.closeStatus());
      assertTrue(tab.isOpen());
      assertEquals(List.of("hello"), alice.received());
      assertEquals(
          List.of("hello"), mallory.received(), "frames that were queued before are flushed");
      assertEquals(List.of("mallory published hello in lobby"), handler.takeEntries());
      assertLoggedOnce("onMessage", failure);

      alice.send("still here?");
      assertEquals(List.of("hello", "still here?"), tab.received());
    }
  }

  @Test
  void aFailingOnJoinClosesTheJoiningConnection() {
    Error failure = new AssertionError("boom");
    Failing handler = new Failing("onJoin", failure);
    try (TestChat chat = TestChat.of(handler)) {
      TestClient alice = chat.connect("lobby", "alice");
      TestClient mallory = chat.connect("lobby", "mallory");
      assertEquals(Optional.of(CloseStatus.FAILED), mallory.closeStatus());
      assertEquals(
          List.of("alice joined lobby", "mallory joined lobby", "mallory left lobby 1011"),
          handler.entries());
      assertLoggedOnce("onJoin", failure);
      assertTrue(alice.isOpen());
      assertEquals(1, chat.chat().connections());
      assertEquals(1, chat.chat().participants());
    }
  }

  @Test
  void aFailingOnLeaveAffectsNoConnection() {
    RuntimeException failure = new IllegalStateException("boom");
    Failing handler = new Failing("onLeave", failure);
    try (TestChat chat = TestChat.of(handler)) {
      TestClient alice = chat.connect("lobby", "alice");
      TestClient mallory = chat.connect("lobby", "mallory");
      handler.takeEntries();
      mallory.close();
      assertEquals(List.of("mallory left lobby 1000"), handler.takeEntries());
      assertLoggedOnce("onLeave", failure);
      assertEquals(1, chat.chat().participants());
      alice.send("hello");
      assertEquals(List.of("hello"), alice.received());
      TestClient again = chat.connect("lobby", "mallory");
      assertTrue(again.isOpen());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"onJoin", "onMessage", "onLeave"})
  void aClosingRoomReportsAllLeavesThoughOneCallbackFails(String callback) {
    Failing handler = new Failing(callback, new StackOverflowError());
    try (TestChat chat = TestChat.of(handler)) {
      TestClient mallory = chat.connect("lobby", "mallory");
      TestClient alice = chat.connect("lobby", "alice");
      if (mallory.isOpen()) {
        mallory.send("hello");
      }
      chat.chat().room("lobby").orElseThrow().close("over");
      assertFalse(alice.isOpen());
      assertFalse(mallory.isOpen());
      List<String> entries = handler.entries();
      assertTrue(entries.contains("alice left lobby 4004"), entries.toString());
      assertEquals(1, entries.stream().filter(e -> e.startsWith("mallory left")).count());
      assertEquals(1, log.records().size());
      assertEquals(0, chat.chat().connections());
      assertEquals(0, chat.chat().participants());
    }
  }
}
