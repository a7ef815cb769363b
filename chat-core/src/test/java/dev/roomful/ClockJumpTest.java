package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Credential;
import dev.roomful.transport.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clock of the day is set forwards or backwards by hours: no deadline changes. */
class ClockJumpTest {
  private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");

  private static final class SettableScheduler extends SteppedScheduler {
    private long offsetMillis;

    @Override
    public long currentTimeMillis() {
      return START.toEpochMilli() + (nanoTime() - START_NANOS) / 1_000_000 + offsetMillis;
    }

    void jump(int hours) {
      offsetMillis += Duration.ofHours(hours).toMillis();
      standStill(Duration.ZERO);
    }
  }

  private final SettableScheduler scheduler = new SettableScheduler();
  private final CallbackRecorder recorder = new CallbackRecorder();
  private final List<String> secrets = new ArrayList<>();
  private final Chat chat =
      Scheduler.install(
              scheduler,
              Chat.builder(recorder)
                  .limits(Limits.defaults().withResumeWindow(Duration.ofSeconds(20)))
                  .rooms(
                      RoomOptions.defaults()
                          .withHistory(History.of(10).withAge(Duration.ofMinutes(1)))
                          .withWelcome(
                              joinInfo -> {
                                joinInfo.resumeSecret().ifPresent(secrets::add);
                                return Payload.text("resumed: " + joinInfo.resumed());
                              })))
          .build();

  @AfterEach
  void close() {
    chat.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {5, -5})
  void aSilentClientIsClosedAfterTheIdleTimeout(int hours) {
    FakeConnection ann = FakeConnection.open(chat, "lobby", "ann");
    scheduler.run(Duration.ofSeconds(30));
    scheduler.jump(hours);
    scheduler.run(Duration.ofSeconds(29));
    assertTrue(ann.isOpen(), "it has a second left");
    scheduler.run(Duration.ofSeconds(2));
    assertEquals(CloseStatus.IDLE_TIMEOUT, ann.closeStatus());
  }

  @ParameterizedTest
  @ValueSource(ints = {5, -5})
  void aLostClientKeepsItsPlaceForTheResumeWindow(int hours) {
    FakeConnection.open(chat, "lobby", "ann").loseConnection();
    scheduler.jump(hours);
    scheduler.run(Duration.ofSeconds(19));
    FakeConnection again =
        new FakeConnection()
            .connect(chat, AcceptedAdmission.of("ann", "lobby").withResumeSecret(secrets.get(0)));
    assertEquals(List.of("resumed: true"), again.received());
    again.loseConnection();
    scheduler.jump(hours);
    scheduler.run(Duration.ofSeconds(21));
    assertEquals(List.of("ann joined lobby", "ann left lobby 1006"), recorder.takeEntries());
  }

  @ParameterizedTest
  @ValueSource(ints = {5, -5})
  void aBanLastsAsLongAsItWasToLast(int hours) {
    FakeConnection.open(chat, "lobby", "ann");
    Room lobby = chat.room("lobby").orElseThrow();
    assertTrue(lobby.ban("bob", Duration.ofMinutes(1), "spam").isDone());
    scheduler.jump(hours);
    scheduler.run(Duration.ofSeconds(59));
    assertTrue(lobby.banOf("bob").isPresent());
    scheduler.run(Duration.ofSeconds(2));
    assertTrue(lobby.banOf("bob").isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {5, -5})
  void aConnectionEndsAsLongAfterItsAdmissionAsItsTokenWasValid(int hours) {
    FakeConnection ann =
        new FakeConnection()
            .connect(
                chat,
                AcceptedAdmission.of("ann", "lobby")
                    .withCredential(Credential.expiringAt(START.plusSeconds(40))));
    scheduler.jump(hours);
    scheduler.run(Duration.ofSeconds(39));
    assertTrue(ann.isOpen(), "its token is valid");
    scheduler.run(Duration.ofSeconds(2));
    assertEquals(CloseStatus.EXPIRED, ann.closeStatus());
  }

  @ParameterizedTest
  @ValueSource(ints = {5, -5})
  void storedMessagesAreRemovedWhenTheyAreTooOld(int hours) {
    FakeConnection ann = FakeConnection.open(chat, "lobby", "ann");
    Room lobby = chat.room("lobby").orElseThrow();
    lobby.announce("hello");
    scheduler.jump(hours);
    scheduler.run(Duration.ofSeconds(30));
    ann.receiver().pong();
    scheduler.run(Duration.ofSeconds(29));
    assertTrue(chat.snapshot(1).rooms().get(0).historyBytes() > 0, "it is not too old");
    scheduler.run(Duration.ofSeconds(2));
    assertEquals(0, chat.snapshot(1).rooms().get(0).historyBytes());
  }
}
