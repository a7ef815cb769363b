package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the doorman sees, and what becomes of its decision. */
abstract class DoorCases extends LimitCases {

  @Test
  void pathParametersAreDecoded() throws Exception {
    Chat chat = open(new Diary());
    connect("/chat/gro%C3%9Fer%20Saal/J%C3%B6rg%20+%20%F0%9F%98%80", Map.of());
    Await.until("he is in", PATIENCE, () -> chat.participant("Jörg + 😀").isPresent());
    Await.until("so is the room", PATIENCE, () -> chat.room("großer Saal").isPresent());
  }

  @Test
  void anEncodedSlashIsPartOfItsParameterOrRefused() throws Exception {
    Chat chat = open(new Diary());
    try {
      connect("/chat/a%2Fb/c%2Fd", Map.of());
    } catch (WireClient.Refused refused) {
      // Many servers take no such path, for reasons of security.
      assertEquals(4, refused.status() / 100);
      return;
    }
    Await.until("c/d is in", PATIENCE, () -> chat.participant("c/d").isPresent());
    Await.until("so is a/b", PATIENCE, () -> chat.room("a/b").isPresent());
  }

  @Test
  void queryParametersAreDecoded() throws Exception {
    String query = "?name=J%C3%BCrgen%20M%2FN&sum=1%2B1%3D2%26more&empty=&twice=one&twice=two";
    assertEquals(
        List.of("Jürgen M/N", "1+1=2&more", "", "one", "none"),
        seenBy(
            handshake ->
                List.of(
                    handshake.query("name").orElse("none"),
                    handshake.query("sum").orElse("none"),
                    handshake.query("empty").orElse("none"),
                    handshake.query("twice").orElse("none"),
                    handshake.query("absent").orElse("none")),
            query,
            Map.of()));
  }

  @Test
  void parametersThatAreNotThereAreAbsent() throws Exception {
    assertEquals(
        List.of(),
        seenBy(
            handshake ->
                List.of(handshake.path("nothing"), handshake.query("id"), handshake.query("room"))
                    .stream()
                    .flatMap(Optional::stream)
                    .toList(),
            "",
            Map.of()));
  }

  @Test
  void headersAreSeen() throws Exception {
    assertEquals(
        List.of("Bearer xyz", "Bearer xyz", "a=1; b=2", "absent"),
        seenBy(
            handshake -> {
              List<String> seen = new ArrayList<>();
              seen.add(handshake.header("Authorization").orElse("absent"));
              seen.addAll(handshake.headers().getOrDefault("authorization", List.of()));
              seen.add(handshake.header("COOKIE").orElse("absent"));
              seen.add(handshake.header("X-Nobody-Sends-This").orElse("absent"));
              return seen;
            },
            "",
            Map.of(
                "Authorization", "Bearer xyz",
                "Cookie", "a=1; b=2")));
  }

  private interface Look {
    List<String> at(Handshake handshake);
  }

  /** What the doorman sees of a client that connects and is let in. */
  private List<String> seenBy(Look look, String query, Map<String, String> headers)
      throws Exception {
    List<List<String>> seen = new ArrayList<>();
    Chat.Builder builder =
        chat(new Diary())
            .authenticator(
                handshake -> {
                  List<String> now = look.at(handshake);
                  synchronized (seen) {
                    seen.add(now);
                  }
                  return asThePathSays(handshake);
                });
    Chat chat = open(builder);
    Peer ann = connect("/chat/hall/ann" + query, headers);
    ann.text(Diary.CALL);
    assertEquals(Diary.ANSWER, ann.nextText());
    assertEquals(1, chat.connections());
    synchronized (seen) {
      assertEquals(1, seen.size(), "the doorman is asked once");
      return seen.get(0);
    }
  }

  @Test
  void aSlowDoormanHoldsUpNobodyElse() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    AtomicInteger waiting = new AtomicInteger();
    open(
        chat(new Diary())
            .authenticator(
                handshake -> {
                  AcceptedAdmission entry = asThePathSays(handshake);
                  if (entry.id().startsWith("slow")) {
                    waiting.incrementAndGet();
                    Await.open(gate);
                  }
                  return entry;
                }));
    Peer ann = enter("hall", "ann");
    List<Future<Peer>> slow = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String id = "slow" + i;
      slow.add(beside(() -> connect("hall", id)));
    }
    Await.until("four wait at the door", PATIENCE, () -> waiting.get() == 4);
    for (int i = 0; i < 10; i++) {
      Peer quick = enter("hall", "quick" + i);
      ann.text("" + i);
      assertEquals("" + i, quick.nextText(PROMPTLY));
      assertEquals("" + i, ann.nextText(PROMPTLY));
    }
    gate.countDown();
    for (Future<Peer> one : slow) {
      one.get(5, TimeUnit.SECONDS).text("in at last");
      assertEquals("in at last", ann.nextText());
    }
  }

  @Test
  void aRefusalLeavesNoTrace() throws Exception {
    Diary diary = new Diary();
    Chat chat =
        open(
            chat(diary)
                .authenticator(handshake -> Rejection.of(403, "not you, and not you either")));
    for (int i = 0; i < 20; i++) {
      assertEquals(403, refused("/chat/hall/p" + i).status());
    }
    assertTrue(isEmpty(chat));
    assertEquals(List.of(), diary.visits("p0"));
  }

  @Test
  void aDoormanThatFailsRefusesAndIsAskedAgain() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    Chat chat =
        open(
            chat(new Diary())
                .authenticator(
                    handshake -> {
                      if (asked.incrementAndGet() == 1) {
                        throw new IllegalStateException("meant to fail: the contract wants it so");
                      }
                      return asThePathSays(handshake);
                    }));
    assertEquals(500, refused("/chat/hall/ann").status());
    assertTrue(isEmpty(chat));
    enter("hall", "ann");
  }

  @Test
  void anEntryThatIsNotAllowedIsRefused() throws Exception {
    Chat chat =
        open(
            chat(new Diary())
                .authenticator(handshake -> AcceptedAdmission.of("ann", "r".repeat(129))));
    assertEquals(400, refused("/chat/hall/ann").status());
    assertTrue(isEmpty(chat));
  }

  @Test
  void clientsMayComeAllAtOnce() throws Exception {
    Chat chat = open(new Diary());
    List<Peer> peers = new ArrayList<>();
    together(
        32,
        number -> {
          Peer peer = enterOne(number);
          synchronized (peers) {
            peers.add(peer);
          }
        });
    assertEquals(32, chat.connections());
    assertEquals(32, room("hall").size());
    room("hall").announce("all here");
    for (Peer peer : peers) {
      assertEquals("all here", peer.nextText());
    }
  }

  private Peer enterOne(int number) throws IOException {
    return enter("hall", "p" + number);
  }
}
