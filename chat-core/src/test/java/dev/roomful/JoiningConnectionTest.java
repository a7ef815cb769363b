package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.internal.session.ParticipantRegistry;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a connection receives between its opening and its join. */
@Timeout(20)
class JoiningConnectionTest {
  private final List<JoinInfo> joins = new ArrayList<>();
  private Function<Participant, Outcome> whileJoining = participant -> Outcome.done();
  private final List<Outcome> outcomes = new ArrayList<>();

  private TestChat chat(RoomHandler handler) {
    RoomOptions options =
        RoomOptions.defaults()
            .withWelcome(
                info -> {
                  joins.add(info);
                  return Payload.text("welcome");
                })
            .withNotices(
                new RoomNotices() {
                  @Override
                  public @Nullable Payload participantJoined(Room room, Participant participant) {
                    Function<Participant, Outcome> once = whileJoining;
                    whileJoining = other -> Outcome.done();
                    outcomes.add(once.apply(participant));
                    return null;
                  }
                });
    return TestChat.of(
        Chat.builder(handler)
            .rooms(options)
            .limits(Limits.defaults().withResumeWindow(Duration.ofMinutes(1))));
  }

  @Test
  void aTextThatIsSentBeforeTheJoinIsCompleteFollowsTheWelcomeMessage() {
    whileJoining = participant -> participant.send("hello");
    try (TestChat chat = chat(new RoomHandler() {})) {
      TestClient ann = chat.connect("lobby", "ann");
      assertEquals(List.of("welcome", "hello"), ann.received());
      assertEquals(List.of(Outcome.done()), outcomes);
    }
  }

  @Test
  void aTextThatIsSentWhileASecondConnectionJoinsReachesBoth() {
    try (TestChat chat = chat(new RoomHandler() {})) {
      TestClient first = chat.connect("lobby", "ann");
      first.received();
      whileJoining = participant -> participant.send("hello");
      TestClient second = chat.connect("other", "ann");
      assertEquals(List.of("hello"), first.received());
      assertEquals(List.of("welcome", "hello"), second.received());
      assertTrue(outcomes.get(1).isDone());
    }
  }

  @Test
  void aTextThatIsSentWhileAClientResumesFollowsWhatTheClientMissed() {
    try (TestChat chat = chat(new RoomHandler() {})) {
      TestClient first = chat.connect("lobby", "ann");
      first.abort();
      Participant ann = chat.chat().participant("ann").orElseThrow();
      ann.send("while away");
      whileJoining = participant -> participant.send("while resuming");
      TestClient again = chat.connect(resuming("ann", "lobby"));
      assertEquals(List.of("welcome", "while away", "while resuming"), again.received());
      ann.send("afterwards");
      assertEquals(List.of("afterwards"), again.received());
    }
  }

  @Test
  void aTextThatIsSentDuringAResumptionThatFailsIsKeptForTheNextOne() {
    try (TestChat chat = chat(new RoomHandler() {})) {
      chat.connect("lobby", "ann").abort();
      Participant ann = chat.chat().participant("ann").orElseThrow();
      ann.send("while away");
      chat.chat().open("closed", RoomOptions.defaults().withCapacity(1));
      chat.connect("closed", "bob");
      whileJoining = participant -> participant.send("while resuming");
      TestClient rejected = chat.connect(resuming("ann", "closed"));
      assertFalse(rejected.isOpen());
      ann.send("afterwards");
      whileJoining = participant -> Outcome.done();
      TestClient again = chat.connect(resuming("ann", "lobby"));
      List<String> received = again.received();
      assertEquals("while away", received.get(1), received.toString());
      assertEquals("afterwards", received.get(received.size() - 1), received.toString());
      assertEquals(received.stream().distinct().count(), received.size(), received.toString());
    }
  }

  private AcceptedAdmission resuming(String id, String room) {
    return AcceptedAdmission.of(id, room)
        .withResumeSecret(joins.get(0).resumeSecret().orElseThrow());
  }

  /**
   * Bob is too slow for the notice that Ann has left. His leave callback connects Ann again, on the
   * thread on which she is leaving.
   */
  @Test
  void aParticipantThatIsStillLeavingOnThisThreadIsAskedToTryAgain() {
    List<TestClient> again = new ArrayList<>();
    TestChat[] chats = new TestChat[1];
    RoomHandler handler =
        new RoomHandler() {
          @Override
          public void onLeave(Room room, Participant participant, CloseStatus status) {
            if (participant.id().equals("bob")) {
              again.add(chats[0].connect("lobby", "ann"));
            }
          }
        };
    Limits limits =
        Limits.defaults()
            .withResumeWindow(Duration.ofSeconds(5))
            .withMessageBytes(400)
            .withOutboxBytes(1024)
            .withMessageBytes(500);
    try (TestChat chat = TestChat.of(Chat.builder(handler).limits(limits))) {
      chats[0] = chat;
      AcceptedAdmission longName = AcceptedAdmission.of("ann", "lobby").withName("A".repeat(100));
      TestClient ann = chat.connect(longName); // her leave does not fit
      ToyClient bob = ToyClient.identified(chat.chat(), new ToyProtocol(), "bob").join("lobby");
      bob.stall();
      ann.abort();
      Room room = chat.chat().room("lobby").orElseThrow();
      for (int i = 0; i < 32; i++) {
        room.announce("."); // 29 or 30 bytes each, until about 70 bytes are free
      }
      assertEquals(Optional.empty(), bob.closeStatus());
      chat.advance(Duration.ofSeconds(6));
      assertEquals(1, again.size());
      assertEquals(Optional.of(ParticipantRegistry.STILL_LEAVING), again.get(0).closeStatus());
      assertTrue(chat.connect("lobby", "ann").isOpen());
    }
  }
}
