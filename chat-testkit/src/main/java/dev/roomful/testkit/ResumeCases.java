package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.History;
import dev.roomful.Limits;
import dev.roomful.Payload;
import dev.roomful.RoomOptions;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Handshake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Clients that are lost and resume within the window, and clients above their rate. */
abstract class ResumeCases extends ReplayCases {
  /** Longer than a resumption takes, and shorter than the wait at the end of a case. */
  private static final Limits WITH_RESUME = LIMITS.withResumeWindow(Duration.ofSeconds(2));

  /** Rooms with history whose welcome message tells what a client needs to resume. */
  private Chat openWithResume(CaseHandler handler, Limits limits) throws Exception {
    return open(
        chat(handler)
            .limits(limits)
            .authenticator(ResumeCases::authenticateWithResume)
            .rooms(
                RoomOptions.defaults()
                    .withHistory(History.of(2000))
                    .withWelcome(
                        arrival ->
                            Payload.text(
                                arrival.resumeSecret().orElseThrow()
                                    + " "
                                    + arrival.position()
                                    + " "
                                    + arrival.resumed()
                                    + " "
                                    + arrival.recovered()))));
  }

  static AcceptedAdmission authenticateWithResume(Handshake handshake) {
    AcceptedAdmission admission = authenticateWithReplay(handshake);
    return handshake.query("resume").map(admission::withResumeSecret).orElse(admission);
  }

  /** The content of the welcome message. */
  private record Welcome(String secret, String position, String resumed, String recovered) {
    static Welcome read(Peer peer) {
      String[] parts = peer.nextText().split(" ", 4);
      return new Welcome(parts[0], parts[1], parts[2], parts[3]);
    }
  }

  private Peer resume(String room, String id, Welcome welcome) throws IOException {
    return connect(
        "/chat/" + room + "/" + id + "?resume=" + welcome.secret() + "&since=" + welcome.position(),
        Map.of());
  }

  /** A client in the room, and its welcome message. */
  private record Joined(Peer peer, Welcome welcome) {}

  private Joined joinWithResume(String id) throws IOException {
    Peer peer = connect("hall", id);
    return new Joined(peer, Welcome.read(peer));
  }

  @Test
  @Rule("1.4")
  void aLostClientThatResumesInTimeDoesNotLeaveAndMissesNothing() throws Exception {
    CaseHandler handler = new CaseHandler();
    openWithResume(handler, WITH_RESUME);
    Joined joined = joinWithResume("bob");
    Peer bob = joined.peer();
    Welcome welcome = joined.welcome();
    for (int i = 0; i < 3; i++) {
      bob.vanish();
      Await.until("bob is suspended", PATIENCE, () -> participant("bob").connections() == 0);
      numbers(100).forEach(room("hall")::announce);
      assertTrue(participant("bob").send("for you alone").isDone());
      bob = resume("hall", "bob", welcome);
      Welcome again = Welcome.read(bob);
      assertEquals(List.of("true", "true"), List.of(again.resumed(), again.recovered()));
      assertReceives(numbers(100), bob);
      assertEquals("for you alone", bob.nextText());
      welcome = again;
    }
    bob.text("back");
    assertEquals("back", bob.nextText());
    assertEquals(List.of("joined"), handler.transitions("bob"));
    bob.close(1000, "bye");
    assertEquals(CloseStatus.NORMAL.code(), handler.awaitLeft("bob", PATIENCE).code());
    assertEquals(List.of("joined", "left"), handler.transitions("bob"));
  }

  @Test
  @Rule("1.4")
  void aLostClientThatDoesNotResumeInTimeLeavesOnce() throws Exception {
    CaseHandler handler = new CaseHandler();
    Chat chat = openWithResume(handler, LIMITS.withResumeWindow(Duration.ofMillis(300)));
    Joined bob = joinWithResume("bob");
    bob.peer().vanish();
    assertEquals(CloseStatus.LOST, handler.awaitLeft("bob", PATIENCE));
    Peer again = resume("hall", "bob", bob.welcome());
    assertEquals("false", Welcome.read(again).resumed());
    assertEquals(1, chat.participants());
    Await.until("bob joined again", PATIENCE, () -> handler.transitions("bob").size() == 3);
    assertEquals(List.of("joined", "left", "joined"), handler.transitions("bob"));
  }

  @Test
  @Rule("2.4")
  void aResumingConnectionClosesTheOneItReplaces() throws Exception {
    CaseHandler handler = new CaseHandler();
    openWithResume(handler, WITH_RESUME);
    Peer ann = joinWithResume("ann").peer();
    Joined joined = joinWithResume("bob");
    Peer stale = joined.peer();
    Peer bob = resume("hall", "bob", joined.welcome());
    assertEquals("true", Welcome.read(bob).resumed());
    Await.until("one is left", PATIENCE, () -> participant("bob").connections() == 1);
    sendUnlessClosed(stale, "late");
    bob.text("here");
    assertEquals("here", ann.nextText());
    assertEquals("here", bob.nextText());
    assertEquals(close(CloseStatus.RESUMED), stale.poll(PATIENCE));
    stale.vanish();
    bob.text("still here");
    assertEquals("still here", ann.nextText());
    assertEquals(List.of("joined"), handler.transitions("bob"));
    leave(ann);
    leave(bob);
  }

  /** Sends, unless the server has closed the connection. */
  private static void sendUnlessClosed(Peer peer, String text) {
    try {
      peer.text(text);
    } catch (UncheckedIOException closed) {
      assertNotNull(closed.getCause());
    }
  }

  @Test
  @Rule("2.4")
  void ofTwoConcurrentResumptionsOneConnectionStays() throws Exception {
    CaseHandler handler = new CaseHandler();
    Chat chat = openWithResume(handler, WITH_RESUME);
    Joined bob = joinWithResume("bob");
    bob.peer().vanish();
    Await.until("bob is suspended", PATIENCE, () -> participant("bob").connections() == 0);
    Peer[] both = new Peer[2];
    together(2, number -> both[number] = resume("hall", "bob", bob.welcome()));
    // A count would not do: the server may not have opened the second yet.
    Await.until("one was closed", PATIENCE, () -> isReplaced(both[0]) || isReplaced(both[1]));
    Await.until("one is left", PATIENCE, () -> chat.connections() == 1);
    assertEquals(1, participant("bob").connections());
    assertEquals(List.of("joined"), handler.transitions("bob"));
    leave(both[0]);
    leave(both[1]);
  }

  /** With a close frame, so that the chat does not keep the place for the resume window. */
  private static void leave(Peer peer) {
    closeUnlessClosed(peer);
    peer.awaitClose();
  }

  private static boolean isReplaced(Peer peer) {
    return close(CloseStatus.RESUMED).equals(peer.poll(Duration.ofMillis(10)));
  }

  @Test
  @Rule("3.2")
  void aClientAboveItsRateReceivesAWaitAndIsDeliveredAgainAfterIt() throws Exception {
    openWithResume(
        new CaseHandler(),
        WITH_RESUME.withMessagesPerSecond(2).withMessageBurst(1).withRateViolations(5));
    Peer bob = connect("hall", "bob");
    Welcome.read(bob);
    bob.text("one");
    bob.text("two");
    assertEquals("one", bob.nextText());
    String rejection = bob.nextText();
    assertTrue(rejection.matches("too many messages: wait \\d+ ms"), rejection);
    Duration wait = Duration.ofMillis(Long.parseLong(rejection.replaceAll("\\D", "")));
    long start = System.nanoTime();
    Await.until("it has waited", PATIENCE, () -> System.nanoTime() - start > wait.toNanos());
    bob.text("three");
    assertEquals("three", bob.nextText());
    leave(bob);
  }
}
