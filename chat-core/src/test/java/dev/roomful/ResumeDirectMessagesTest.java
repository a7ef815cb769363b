package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import dev.roomful.testsupport.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guarantee 13: a message to one client that resumes is received once, or is not a success. */
@Timeout(60)
class ResumeDirectMessagesTest {
  private static final int RESUMPTIONS = 400;

  private final AtomicReference<String> secret = new AtomicReference<>("");

  private Chat.Builder resumable(RoomHandler handler) {
    return Chat.builder(handler)
        .limits(Limits.defaults().withResumeWindow(Duration.ofMinutes(5)))
        .rooms(
            RoomOptions.defaults()
                .withWelcome(
                    info -> {
                      secret.set(info.resumeSecret().orElseThrow());
                      return Payload.text("welcome");
                    }));
  }

  private AcceptedAdmission resuming() {
    return AcceptedAdmission.of("ann", "lobby").withResumeSecret(secret.get());
  }

  /**
   * Another thread sends all the time; a connection is lost, or still open, when the next comes.
   */
  @Test
  void eachTextIsReceivedOnceAndInOrderHoweverOftenTheClientResumes() throws Exception {
    Chat chat = resumable(new RoomHandler() {}).build();
    List<FakeConnection> connections = new CopyOnWriteArrayList<>();
    connections.add(FakeConnection.open(chat, "lobby", "ann"));
    AtomicBoolean done = new AtomicBoolean();
    List<String> sent = new ArrayList<>();
    AtomicBoolean missing = new AtomicBoolean();
    Thread sender =
        new Thread(
            () -> {
              while (!done.get()) {
                String text = "text " + sent.size();
                Outcome outcome =
                    chat.participant("ann")
                        .map(ann -> ann.send(text))
                        .orElseGet(
                            () -> {
                              missing.set(true);
                              return Outcome.done();
                            });
                if (outcome.isDone()) {
                  sent.add(text);
                } else {
                  missing.set(true); // she can resume all the time
                }
                LockSupport.parkNanos(20_000); // or the outbox overflows where writes are slow
              }
            });
    sender.start();
    for (int i = 0; i < RESUMPTIONS; i++) {
      if (i % 2 == 0) {
        connections.get(i).loseConnection();
      }
      connections.add(new FakeConnection().connect(chat, resuming()));
    }
    done.set(true);
    sender.join();
    assertFalse(missing.get(), "the participant was there all the time");
    chat.close(); // after everything was written
    List<String> received = new ArrayList<>();
    connections.forEach(each -> received.addAll(each.received()));
    received.removeIf("welcome"::equals);
    List<String> lost = new ArrayList<>(sent);
    lost.removeAll(Set.copyOf(received));
    assertEquals(List.of(), lost);
    assertEquals(sent, received);
  }

  @Test
  void aMessageDuringAResumeThatFailsIsKeptForTheNextOne() {
    AtomicReference<Runnable> atWelcome = new AtomicReference<>(() -> {});
    Chat.Builder builder =
        resumable(new RoomHandler() {})
            .rooms(
                RoomOptions.defaults()
                    .withWelcome(
                        info -> {
                          info.resumeSecret().ifPresent(secret::set);
                          atWelcome.get().run();
                          return Payload.text("welcome");
                        }));
    try (TestChat chat = TestChat.of(builder);
        LogCapture log = new LogCapture()) {
      TestClient ann = chat.connect("lobby", "ann");
      assertEquals(List.of("welcome"), ann.received());
      ann.abort();
      atWelcome.set(
          () -> {
            assertTrue(chat.chat().participant("ann").orElseThrow().send("for you").isDone());
            throw new IllegalStateException("no welcome");
          });
      assertFalse(chat.connect(resuming()).isOpen());
      assertEquals(1, log.messages().size(), log.messages().toString());
      atWelcome.set(() -> {});
      assertEquals(List.of("welcome", "for you"), chat.connect(resuming()).received());
    }
  }

  @Tag("slow")
  @Test
  void aMessageOfLongAgoReachesTheClientAfterThousandsOfResumptions() {
    AtomicReference<Message> kept = new AtomicReference<>();
    RoomHandler handler =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            kept.set(message);
          }
        };
    try (TestChat chat = TestChat.of(resumable(handler))) {
      TestClient ann = chat.connect("lobby", "ann");
      ann.send("remember me");
      for (int i = 0; i < 10_000; i++) {
        ann.abort();
        ann = chat.connect(resuming());
      }
      ann.received();
      assertTrue(kept.get().reply("I do").isDone());
      assertEquals(List.of("I do"), ann.received());
    }
  }
}
