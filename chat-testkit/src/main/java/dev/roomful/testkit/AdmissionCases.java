package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.DeferredAdmission;
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

/** What the authenticator sees, and the effect of its decision. */
abstract class AdmissionCases extends LimitCases {

  @Test
  @Rule("4.1")
  void pathParametersAreDecoded() throws Exception {
    Chat chat = open(new CaseHandler());
    connect("/chat/gro%C3%9Fer%20Saal/J%C3%B6rg%20+%20%F0%9F%98%80", Map.of());
    Await.until("the participant is in", PATIENCE, () -> chat.participant("Jörg + 😀").isPresent());
    Await.until("so is the room", PATIENCE, () -> chat.room("großer Saal").isPresent());
  }

  @Test
  @Rule("4.1")
  void anEncodedSlashIsPartOfItsParameterOrRejected() throws Exception {
    Chat chat = open(new CaseHandler());
    try {
      connect("/chat/a%2Fb/c%2Fd", Map.of());
    } catch (WireClient.Rejected rejected) {
      // Many servers reject such a path for security.
      assertEquals(4, rejected.status() / 100);
      return;
    }
    Await.until("c/d is in", PATIENCE, () -> chat.participant("c/d").isPresent());
    Await.until("so is a/b", PATIENCE, () -> chat.room("a/b").isPresent());
  }

  @Test
  @Rule("4.1")
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
  @Rule("4.1")
  void missingParametersAreAbsent() throws Exception {
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
  @Rule("4.1")
  void headersAreVisible() throws Exception {
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

  /** {@return what the authenticator sees of a client that is admitted} */
  private List<String> seenBy(Look look, String query, Map<String, String> headers)
      throws Exception {
    List<List<String>> seen = new ArrayList<>();
    Chat.Builder builder =
        chat(new CaseHandler())
            .authenticator(
                handshake -> {
                  List<String> now = look.at(handshake);
                  synchronized (seen) {
                    seen.add(now);
                  }
                  return ServerFixture.authenticateByPath(handshake);
                });
    Chat chat = open(builder);
    Peer ann = connect("/chat/hall/ann" + query, headers);
    ann.text(CaseHandler.PROBE);
    assertEquals(CaseHandler.PROBE_ANSWER, ann.nextText());
    assertEquals(1, chat.connections());
    synchronized (seen) {
      assertEquals(1, seen.size(), "the authenticator runs once");
      return seen.get(0);
    }
  }

  @Test
  @Rule("3.1")
  void aBlockedAuthenticatorDelaysNobodyElse() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    AtomicInteger waiting = new AtomicInteger();
    open(
        chat(new CaseHandler())
            .authenticator(
                handshake -> {
                  AcceptedAdmission entry = ServerFixture.authenticateByPath(handshake);
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
    Await.until("four handshakes wait", PATIENCE, () -> waiting.get() == 4);
    for (int i = 0; i < 10; i++) {
      Peer quick = enter("hall", "quick" + i);
      ann.text("" + i);
      assertEquals("" + i, quick.nextText(PROMPTLY));
      assertEquals("" + i, ann.nextText(PROMPTLY));
    }
    gate.countDown();
    for (Future<Peer> one : slow) {
      one.get(5, TimeUnit.SECONDS).text("admitted");
      assertEquals("admitted", ann.nextText());
    }
  }

  @Test
  @Rule("4.2")
  void aRejectionLeavesNoTrace() throws Exception {
    CaseHandler handler = new CaseHandler();
    Chat chat =
        open(
            chat(handler)
                .authenticator(handshake -> Rejection.of(403, "not you, and not you either")));
    for (int i = 0; i < 20; i++) {
      assertEquals(403, rejected("/chat/hall/p" + i).status());
    }
    assertTrue(isEmpty(chat));
    assertEquals(List.of(), handler.transitions("p0"));
  }

  @Test
  @Rule("4.1")
  void theFirstMessageMayDecideWhoAClientIs() throws Exception {
    Chat chat =
        open(
            chat(new CaseHandler())
                .authenticator(
                    handshake ->
                        DeferredAdmission.of(
                            text ->
                                text.equals("secret")
                                    ? ServerFixture.authenticateByPath(handshake)
                                    : Rejection.of(401, "wrong secret"))));
    Peer ann = connect("hall", "ann");
    Peer bob = connect("hall", "bob");
    assertTrue(isEmpty(chat));
    bob.text("guess");
    assertEquals(CloseStatus.NOT_ADMITTED.code(), bob.awaitClose().code());
    ann.text("secret");
    ann.text("hello");
    assertEquals("hello", ann.nextText());
    assertEquals(1, room("hall").size());
  }

  @Test
  @Rule("4.2")
  void anAuthenticatorThatThrowsRejectsOneHandshake() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    Chat chat =
        open(
            chat(new CaseHandler())
                .authenticator(
                    handshake -> {
                      if (asked.incrementAndGet() == 1) {
                        throw new IllegalStateException(
                            "intended: the case needs a failing callback");
                      }
                      return ServerFixture.authenticateByPath(handshake);
                    }));
    assertEquals(500, rejected("/chat/hall/ann").status());
    assertTrue(isEmpty(chat));
    enter("hall", "ann");
  }

  @Test
  @Rule("4.2")
  void anAdmissionToAnInvalidRoomIsRejected() throws Exception {
    Chat chat =
        open(
            chat(new CaseHandler())
                .authenticator(handshake -> AcceptedAdmission.of("ann", "r".repeat(129))));
    assertEquals(400, rejected("/chat/hall/ann").status());
    assertTrue(isEmpty(chat));
  }

  @Test
  @Rule("4.1")
  void clientsMayConnectConcurrently() throws Exception {
    Chat chat = open(new CaseHandler());
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
