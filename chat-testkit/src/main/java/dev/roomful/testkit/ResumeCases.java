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
  private static final Limits KEEPING = LIMITS.withResumeWindow(Duration.ofSeconds(2));

  /** Rooms with history whose welcome message tells what a client needs to resume. */
  private Chat openKeeping(CaseHandler handler, Limits limits) throws Exception {
    return open(
        chat(handler)
            .limits(limits)
            .authenticator(ResumeCases::asItShows)
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

  private static AcceptedAdmission asItShows(Handshake handshake) {
    AcceptedAdmission entry = sinceWhenItShows(handshake);
    return handshake.query("resume").map(entry::withResumeSecret).orElse(entry);
  }

  /** The content of the welcome message. */
  private record Ticket(String secret, String position, String resumed, String recovered) {
    static Ticket read(Peer peer) {
      String[] words = peer.nextText().split(" ", 4);
      return new Ticket(words[0], words[1], words[2], words[3]);
    }
  }

  private Peer resume(String room, String id, Ticket ticket) throws IOException {
    return connect(
        "/chat/" + room + "/" + id + "?resume=" + ticket.secret() + "&since=" + ticket.position(),
        Map.of());
  }

  /** A client in the room, and its welcome message. */
  private record Guest(Peer peer, Ticket ticket) {}

  private Guest enterKept(String id) throws IOException {
    Peer peer = connect("hall", id);
    return new Guest(peer, Ticket.read(peer));
  }

  @Test
  @Rule("1.4")
  void aLostClientThatResumesInTimeDoesNotLeaveAndMissesNothing() throws Exception {
    CaseHandler handler = new CaseHandler();
    openKeeping(handler, KEEPING);
    Guest guest = enterKept("bob");
    Peer bob = guest.peer();
    Ticket ticket = guest.ticket();
    for (int i = 0; i < 3; i++) {
      bob.vanish();
      Await.until("bob is suspended", PATIENCE, () -> participant("bob").connections() == 0);
      numbers(100).forEach(room("hall")::announce);
      assertTrue(participant("bob").send("for you alone").isDone());
      bob = resume("hall", "bob", ticket);
      Ticket again = Ticket.read(bob);
      assertEquals(List.of("true", "true"), List.of(again.resumed(), again.recovered()));
      assertReceives(numbers(100), bob);
      assertEquals("for you alone", bob.nextText());
      ticket = again;
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
    Chat chat = openKeeping(handler, LIMITS.withResumeWindow(Duration.ofMillis(300)));
    Guest bob = enterKept("bob");
    bob.peer().vanish();
    assertEquals(CloseStatus.LOST, handler.awaitLeft("bob", PATIENCE));
    Peer again = resume("hall", "bob", bob.ticket());
    assertEquals("false", Ticket.read(again).resumed());
    assertEquals(1, chat.participants());
    Await.until("bob joined again", PATIENCE, () -> handler.transitions("bob").size() == 3);
    assertEquals(List.of("joined", "left", "joined"), handler.transitions("bob"));
  }

  @Test
  @Rule("2.4")
  void aResumingConnectionClosesTheOneItReplaces() throws Exception {
    CaseHandler handler = new CaseHandler();
    openKeeping(handler, KEEPING);
    Peer ann = enterKept("ann").peer();
    Guest guest = enterKept("bob");
    Peer stale = guest.peer();
    Peer bob = resume("hall", "bob", guest.ticket());
    assertEquals("true", Ticket.read(bob).resumed());
    Await.until("one is left", PATIENCE, () -> participant("bob").connections() == 1);
    say(stale, "late");
    bob.text("here");
    assertEquals("here", ann.nextText());
    assertEquals("here", bob.nextText());
    assertEquals(close(CloseStatus.RESUMED), stale.poll(PATIENCE));
    stale.vanish();
    bob.text("still here");
    assertEquals("still here", ann.nextText());
    assertEquals(List.of("joined"), handler.transitions("bob"));
  }

  /** Sends, unless the server has closed the connection. */
  private static void say(Peer peer, String text) {
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
    Chat chat = openKeeping(handler, KEEPING);
    Guest bob = enterKept("bob");
    bob.peer().vanish();
    Await.until("bob is suspended", PATIENCE, () -> participant("bob").connections() == 0);
    Peer[] both = new Peer[2];
    together(2, number -> both[number] = resume("hall", "bob", bob.ticket()));
    // A count would not do: the server may not have opened the second yet.
    Await.until("one was closed", PATIENCE, () -> isReplaced(both[0]) || isReplaced(both[1]));
    Await.until("one is left", PATIENCE, () -> chat.connections() == 1);
    assertEquals(1, participant("bob").connections());
    assertEquals(List.of("joined"), handler.transitions("bob"));
  }

  private static boolean isReplaced(Peer peer) {
    return close(CloseStatus.RESUMED).equals(peer.poll(Duration.ofMillis(10)));
  }

  @Test
  @Rule("3.2")
  void aClientAboveItsRateReceivesAWaitAndIsDeliveredAgainAfterIt() throws Exception {
    openKeeping(
        new CaseHandler(),
        KEEPING.withMessagesPerSecond(2).withMessageBurst(1).withRateViolations(5));
    Peer bob = connect("hall", "bob");
    Ticket.read(bob);
    bob.text("one");
    bob.text("two");
    assertEquals("one", bob.nextText());
    String refusal = bob.nextText();
    assertTrue(refusal.matches("too many messages: wait \\d+ ms"), refusal);
    Duration wait = Duration.ofMillis(Long.parseLong(refusal.replaceAll("\\D", "")));
    long start = System.nanoTime();
    Await.until("it has waited", PATIENCE, () -> System.nanoTime() - start > wait.toNanos());
    bob.text("three");
    assertEquals("three", bob.nextText());
  }
}
