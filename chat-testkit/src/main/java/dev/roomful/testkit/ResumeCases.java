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

/** Clients that are lost and come back within their grace time; and those that are too fast. */
abstract class ResumeCases extends ReturningCases {
  /** Longer than a return takes, and shorter than the patience of the end of a case. */
  private static final Limits KEEPING = LIMITS.withResumeWindow(Duration.ofSeconds(2));

  /** Rooms that keep what is said, and say first what a client needs to resume. */
  private Chat openKeeping(Diary diary, Limits limits) throws Exception {
    return open(
        chat(diary)
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

  /** What a client was told when it came in. */
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

  /** A client that is in the room, and what it was told. */
  private record Guest(Peer peer, Ticket ticket) {}

  private Guest enterKept(String id) throws IOException {
    Peer peer = connect("hall", id);
    return new Guest(peer, Ticket.read(peer));
  }

  @Test
  void whoIsLostAndComesBackInTimeHasNotLeftAndHearsWhatItMissed() throws Exception {
    Diary diary = new Diary();
    openKeeping(diary, KEEPING);
    Guest guest = enterKept("bob");
    Peer bob = guest.peer();
    Ticket ticket = guest.ticket();
    for (int i = 0; i < 3; i++) {
      bob.vanish();
      Await.until("bob is away", PATIENCE, () -> participant("bob").connections() == 0);
      numbers(100).forEach(room("hall")::announce);
      assertTrue(participant("bob").send("for you alone").isDone());
      bob = resume("hall", "bob", ticket);
      Ticket again = Ticket.read(bob);
      assertEquals(List.of("true", "true"), List.of(again.resumed(), again.recovered()));
      assertHears(numbers(100), bob);
      assertEquals("for you alone", bob.nextText());
      ticket = again;
    }
    bob.text("back");
    assertEquals("back", bob.nextText());
    assertEquals(List.of("joined"), diary.visits("bob"));
    bob.close(1000, "bye");
    assertEquals(CloseStatus.NORMAL.code(), diary.awaitLeft("bob", PATIENCE).code());
    assertEquals(List.of("joined", "left"), diary.visits("bob"));
  }

  @Test
  void whoDoesNotComeBackInTimeLeavesOnce() throws Exception {
    Diary diary = new Diary();
    Chat chat = openKeeping(diary, LIMITS.withResumeWindow(Duration.ofMillis(300)));
    Guest bob = enterKept("bob");
    bob.peer().vanish();
    assertEquals(CloseStatus.LOST, diary.awaitLeft("bob", PATIENCE));
    Peer again = resume("hall", "bob", bob.ticket());
    assertEquals("false", Ticket.read(again).resumed());
    assertEquals(1, chat.participants());
    Await.until("bob joined again", PATIENCE, () -> diary.visits("bob").size() == 3);
    assertEquals(List.of("joined", "left", "joined"), diary.visits("bob"));
  }

  @Test
  void theConnectionThatResumesFencesTheOneThatWasNotFoundLostYet() throws Exception {
    Diary diary = new Diary();
    openKeeping(diary, KEEPING);
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
    assertEquals(List.of("joined"), diary.visits("bob"));
  }

  /** The server may have closed it already. */
  private static void say(Peer peer, String text) {
    try {
      peer.text(text);
    } catch (UncheckedIOException closed) {
      assertNotNull(closed.getCause());
    }
  }

  @Test
  void twoThatResumeAtOnceLeaveOneOfThemInPlace() throws Exception {
    Diary diary = new Diary();
    Chat chat = openKeeping(diary, KEEPING);
    Guest bob = enterKept("bob");
    bob.peer().vanish();
    Await.until("bob is away", PATIENCE, () -> participant("bob").connections() == 0);
    Peer[] both = new Peer[2];
    together(2, number -> both[number] = resume("hall", "bob", bob.ticket()));
    // Not by counting: the server may not have opened the second yet.
    Await.until("one was fenced", PATIENCE, () -> isFenced(both[0]) || isFenced(both[1]));
    Await.until("one is left", PATIENCE, () -> chat.connections() == 1);
    assertEquals(1, participant("bob").connections());
    assertEquals(List.of("joined"), diary.visits("bob"));
  }

  private static boolean isFenced(Peer peer) {
    return close(CloseStatus.RESUMED).equals(peer.poll(Duration.ofMillis(10)));
  }

  @Test
  void whoIsTooFastIsToldHowLongToWaitAndHeardAgainWhenItHasWaited() throws Exception {
    openKeeping(new Diary(), KEEPING.withMessageRate(2, 1).withRateViolations(5));
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
