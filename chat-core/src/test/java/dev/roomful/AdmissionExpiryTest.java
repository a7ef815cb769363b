package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Guarantee 12: a connection does not outlive its admission. */
class AdmissionExpiryTest {
  private final CallbackRecorder recorder = new CallbackRecorder();
  private final TestChat chat = TestChat.of(recorder);

  @AfterEach
  void close() {
    chat.close();
  }

  private static AcceptedAdmission admission(String id, Duration lifetime) {
    return AcceptedAdmission.of(id, "lobby").withExpiresAt(Instant.now().plus(lifetime));
  }

  @Test
  void aSilentListenerIsClosedWhenItsAdmissionEnds() {
    TestClient silent = chat.connect(admission("silent", Duration.ofMinutes(5)));
    chat.advance(Duration.ofSeconds(290));
    assertTrue(silent.isOpen());
    chat.advance(Duration.ofSeconds(11));
    assertEquals(Optional.of(CloseStatus.EXPIRED), silent.closeStatus());
    assertEquals(List.of("silent joined lobby", "silent left lobby 4010"), recorder.entries());
  }

  @Test
  void aSpeakerIsClosedToo() {
    TestClient speaker = chat.connect(admission("speaker", Duration.ofSeconds(30)));
    for (int i = 0; i < 29; i++) {
      speaker.send("still here");
      chat.advance(Duration.ofSeconds(1));
    }
    chat.advance(Duration.ofSeconds(2));
    assertEquals(Optional.of(CloseStatus.EXPIRED), speaker.closeStatus());
  }

  @Test
  void otherConnectionsOfTheParticipantStay() {
    TestClient phone = chat.connect(admission("ann", Duration.ofSeconds(10)));
    TestClient laptop = chat.connect(admission("ann", Duration.ofDays(1_000_000)));
    TestClient unlimited = chat.connect("lobby", "ann");
    chat.advance(Duration.ofSeconds(12));
    assertEquals(Optional.of(CloseStatus.EXPIRED), phone.closeStatus());
    assertTrue(laptop.isOpen());
    assertTrue(unlimited.isOpen());
  }

  @Test
  void anAdmissionThatHasEndedAlreadyIsClosedAtOnce() {
    TestClient late = chat.connect(admission("late", Duration.ofSeconds(-5)));
    chat.advance(Duration.ofMillis(500));
    assertEquals(Optional.of(CloseStatus.EXPIRED), late.closeStatus());
  }

  @Test
  void itCannotBeResumed() {
    Limits limits = Limits.defaults().withResumeWindow(Duration.ofMinutes(1));
    try (TestChat resuming = TestChat.of(Chat.builder(recorder).limits(limits))) {
      resuming.connect(admission("ann", Duration.ofSeconds(10)));
      resuming.advance(Duration.ofSeconds(12));
      assertEquals(List.of("ann joined lobby", "ann left lobby 4010"), recorder.entries());
    }
  }

  @Test
  void theEndIsPartOfTheAdmission() {
    Instant end = Instant.now();
    AcceptedAdmission admission =
        AcceptedAdmission.of("ann", "lobby").withExpiresAt(end).withName("Ann");
    assertEquals(end, admission.expiresAt());
  }
}
