package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.DeferredAdmission;
import dev.roomful.protocol.ProtocolGateway;
import dev.roomful.testing.TestHandshake;
import dev.roomful.testsupport.LogCapture;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The whole process stands still, as in a long garbage collection, with SIGSTOP, or while its
 * virtual machine is moved. What clients sent meanwhile waits in their sockets, and those that were
 * lost meanwhile wait to be accepted: no deadline counts before they had their time.
 */
@Timeout(20)
class StandstillTest {
  private static final Duration STANDSTILL = Duration.ofSeconds(70);

  private final CallbackRecorder recorder = new CallbackRecorder();
  private final SteppedScheduler scheduler = new SteppedScheduler();
  private final List<String> secrets = new ArrayList<>();
  private Chat chat = chat(Limits.defaults());

  private Chat chat(Limits limits) {
    return Scheduler.install(
            scheduler,
            Chat.builder(recorder)
                .limits(limits)
                .rooms(
                    RoomOptions.defaults()
                        .withWelcome(
                            joinInfo -> {
                              joinInfo.resumeSecret().ifPresent(secrets::add);
                              return Payload.text("resumed: " + joinInfo.resumed());
                            }))
                .room("brief", RoomOptions.defaults().withLeaveDelay(Duration.ofSeconds(10)))
                .authenticator(
                    handshake -> DeferredAdmission.of(text -> AcceptedAdmission.of(text, "lobby"))))
        .build();
  }

  @AfterEach
  void close() {
    chat.close();
  }

  private static CloseStatus statusOf(FakeConnection connection) {
    CloseStatus status = connection.closeStatus();
    return status == null ? CloseStatus.NORMAL : status;
  }

  @Test
  void aClientWhosePongWaitsInTheSocketIsNotClosedAsIdle() {
    FakeConnection alice = FakeConnection.open(chat, "lobby", "alice");
    scheduler.run(Duration.ofSeconds(26));
    assertEquals(1, alice.pings());
    scheduler.standStill(STANDSTILL);
    assertTrue(alice.isOpen());
    alice.receiver().pong();
    scheduler.run(Duration.ofSeconds(59));
    assertTrue(alice.isOpen());
    scheduler.run(Duration.ofSeconds(2));
    assertEquals(CloseStatus.IDLE_TIMEOUT, statusOf(alice));
  }

  @Test
  void theOperatorIsToldHowLongTheProcessStoodStill() {
    try (LogCapture log = new LogCapture()) {
      scheduler.run(Duration.ofSeconds(10));
      assertEquals(List.of(), log.messages());
      scheduler.standStill(STANDSTILL);
      assertEquals(
          List.of(
              "The process stood still for about 70000 ms [event=process-stood-still"
                  + " millis=70000]"),
          log.messages());
    }
  }

  @Test
  void aClientThatWasNotPingedMeanwhileIsPingedBeforeItIsClosedAsIdle() {
    FakeConnection alice = FakeConnection.open(chat, "lobby", "alice");
    scheduler.run(Duration.ofSeconds(20));
    scheduler.standStill(STANDSTILL);
    scheduler.run(Duration.ofSeconds(30));
    assertTrue(alice.isOpen());
    assertEquals(1, alice.pings());
    scheduler.run(Duration.ofSeconds(31));
    assertEquals(CloseStatus.IDLE_TIMEOUT, statusOf(alice));
  }

  @Test
  void aWriteThatWasInFlightHasItsWholeTimeAfterwards() {
    FakeConnection alice = FakeConnection.open(chat, "lobby", "alice").hold();
    chat.announce("hello");
    scheduler.run(Duration.ofSeconds(1));
    scheduler.standStill(STANDSTILL);
    scheduler.run(Duration.ofSeconds(9));
    assertEquals(0, alice.aborts());
    scheduler.run(Duration.ofSeconds(2));
    assertEquals(1, alice.aborts());
  }

  @Test
  void aCloseThatWasNotAnsweredHasItsWholeTimeAfterwards() {
    FakeConnection alice = FakeConnection.open(chat, "lobby", "alice").ignoreClose();
    chat.participant("alice").orElseThrow().disconnect(CloseStatus.NORMAL);
    scheduler.standStill(STANDSTILL);
    scheduler.run(Duration.ofSeconds(4));
    assertEquals(0, alice.aborts());
    scheduler.run(Duration.ofSeconds(2));
    assertEquals(1, alice.aborts());
  }

  @Test
  void aFirstMessageThatWaitsInTheSocketIsRead() {
    FakeConnection alice = new FakeConnection();
    alice.connect(chat, (AcceptedAdmission) Gateway.of(chat).admit(TestHandshake.create()));
    scheduler.standStill(STANDSTILL);
    assertTrue(alice.isOpen());
    alice.send("alice");
    assertEquals(List.of("resumed: false"), alice.received());
  }

  @Test
  void aLostClientThatWaitsToBeAcceptedResumes() {
    chat.close();
    chat = chat(Limits.defaults().withResumeWindow(Duration.ofSeconds(30)));
    FakeConnection alice = FakeConnection.open(chat, "lobby", "alice");
    alice.loseConnection();
    scheduler.standStill(STANDSTILL);
    scheduler.run(Duration.ofSeconds(29));
    FakeConnection again = new FakeConnection();
    again.connect(chat, AcceptedAdmission.of("alice", "lobby").withResumeSecret(secrets.get(0)));
    assertEquals(List.of("resumed: true"), again.received());
    again.loseConnection();
    scheduler.run(Duration.ofSeconds(31));
    assertTrue(chat.participant("alice").isEmpty());
  }

  @Test
  void aLostClientThatWaitsToBeAcceptedHasNotLeft() {
    FakeConnection.open(chat, "brief", "alice").loseConnection();
    scheduler.standStill(STANDSTILL);
    assertTrue(chat.participant("alice").isPresent());
    scheduler.run(Duration.ofSeconds(1));
    assertFalse(chat.participant("alice").isPresent());
  }

  @Test
  void aProtocolChecksItsDeadlinesWhenItsClientHadTimeToBeRead() {
    AtomicInteger ticks = new AtomicInteger();
    ProtocolGateway.of(chat)
        .open(
            new ToyProtocol(),
            session -> new TickHandler(ticks::incrementAndGet),
            new FakeConnection());
    scheduler.standStill(STANDSTILL);
    assertEquals(0, ticks.get());
    scheduler.run(Duration.ofMillis(500));
    assertEquals(1, ticks.get());
  }
}
