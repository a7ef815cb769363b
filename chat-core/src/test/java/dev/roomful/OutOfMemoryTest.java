package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testsupport.LogCapture;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An allocation fails: only what it was for is affected, and nobody misses a message unnoticed. */
class OutOfMemoryTest {
  private final CallbackRecorder recorder = new CallbackRecorder();
  private final TestChat chat = TestChat.of(recorder);
  private final ToyProtocol protocol = new ToyProtocol();

  @AfterEach
  void close() {
    chat.close();
  }

  private ToyClient toy(String name) {
    return ToyClient.identified(chat.chat(), protocol, name).join("lobby");
  }

  private static OutOfMemoryError noMemory() {
    return new OutOfMemoryError("Java heap space");
  }

  @Test
  void aRecipientForWhomThereIsNoMemoryIsClosedAndTheOthersReceiveTheMessage() {
    TestClient ann = chat.connect("lobby", "ann");
    ToyClient unlucky = toy("unlucky");
    TestClient bob = chat.connect("lobby", "bob");
    Room lobby = chat.chat().room("lobby").orElseThrow();
    lobby.announce("before");
    protocol.memory = 1; // for the template of the message, but not for its frame
    lobby.announce("now");
    protocol.memory = Integer.MAX_VALUE;
    lobby.announce("after");
    chat.advance(Duration.ofSeconds(1));
    assertEquals(List.of("before", "now", "after"), ann.received());
    assertEquals(List.of("before", "now", "after"), bob.received());
    assertEquals(Optional.of(CloseStatus.TOO_SLOW), unlucky.closeStatus());
    assertEquals(List.of("lobby+ bob", "lobby! before #1"), unlucky.received());
    assertEquals(2, lobby.size());
  }

  @Test
  void aSessionWhoseCloseFailsLeavesItsRoomsLater() {
    TestClient ann = chat.connect("lobby", "ann");
    ToyClient unlucky = toy("unlucky");
    protocol.memory = 0;
    assertThrows(OutOfMemoryError.class, unlucky::loseConnection);
    protocol.memory = Integer.MAX_VALUE;
    recorder.takeEntries();
    chat.advance(Duration.ofSeconds(1));
    assertEquals(List.of("unlucky left lobby 1006"), recorder.takeEntries());
    assertEquals(1, chat.chat().room("lobby").orElseThrow().size());
    assertEquals(1, chat.chat().connections());
    assertEquals(1, chat.chat().participants());
    ann.send("and on");
    assertEquals(List.of("and on"), ann.received());
  }

  @Test
  void aWriteForWhichThereIsNoMemoryEndsItsConnectionOnly() {
    FakeConnection unlucky = FakeConnection.open(chat.chat(), "lobby", "unlucky");
    TestClient ann = chat.connect("lobby", "ann");
    unlucky.onWrite(
        () -> {
          throw noMemory();
        });
    Room lobby = chat.chat().room("lobby").orElseThrow();
    lobby.announce("one");
    lobby.announce("two");
    assertEquals(List.of("one", "two"), ann.received());
    assertEquals(1, unlucky.aborts());
    assertTrue(recorder.takeEntries().contains("unlucky left lobby 1006"));
  }

  @Test
  void aHandlerForWhichThereIsNoMemoryRejectsOneMessage() {
    TestChat failing =
        TestChat.of(
            new RoomHandler() {
              @Override
              public void onMessage(Room room, Message message) {
                if (message.text().equals("large")) {
                  throw noMemory();
                }
                room.publish(message);
              }
            });
    try (failing;
        LogCapture log = new LogCapture()) {
      TestClient ann = failing.connect("lobby", "ann");
      TestClient bob = failing.connect("lobby", "bob");
      ann.send("large");
      ann.send("small");
      assertEquals(List.of("internal error", "small"), ann.received());
      assertEquals(List.of("small"), bob.received());
      assertEquals(1, log.messages().size());
    }
  }

  @Test
  void anInputForWhichThereIsNoMemoryClosesItsConnectionOnly() {
    TestClient ann = chat.connect("lobby", "ann");
    ToyClient unlucky = toy("unlucky");
    unlucky.outOfMemory = true;
    try (LogCapture log = new LogCapture()) {
      unlucky.send("say lobby hello");
      assertEquals(1, log.messages().size());
    }
    assertEquals(Optional.of(CloseStatus.FAILED), unlucky.closeStatus());
    ann.send("and on");
    assertEquals(List.of("and on"), ann.received());
  }

  /** The heap of a process is full again and again, so that any allocation may fail. */
  @Tag("slow")
  @Test
  @Timeout(60)
  void aChatWhoseHeapWasFullServesEverybodyAndHasNoGhosts() throws Exception {
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx24m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classFolder(Chat.class) + File.pathSeparator + classFolder(ExhaustedHeap.class),
                ExhaustedHeap.class.getName(),
                "10")
            .redirectErrorStream(true)
            .start();
    try {
      String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(program.waitFor(1, TimeUnit.SECONDS), "it has ended");
      assertTrue(output.endsWith("fine\n"), output);
    } finally {
      program.destroyForcibly();
    }
  }

  private static Path classFolder(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
