package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testkit.Received;
import dev.roomful.testkit.WireClient;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * All that three clients receive from the first byte to the last, over real sockets. Each
 * connection is read to its end, so that no unexpected message can remain unread.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TranscriptTest {
  private static final Duration BOUND = Duration.ofSeconds(5);

  @ParameterizedTest
  @EnumSource
  void echoRepliesToTheSenderOnly(Host.Kind server) throws Exception {
    try (RunningExample chat = RunningExample.start(server, Example.ECHO);
        WireClient ann = chat.connect("/ws");
        WireClient bob = chat.connect("/ws");
        WireClient cem = chat.connect("/ws")) {
      ann.text("hello");
      assertEquals("Message text was: hello", ann.nextText());
      bob.text("");
      assertEquals("Message text was: ", bob.nextText());
      cem.text("grüß dich 👋");
      assertEquals("Message text was: grüß dich 👋", cem.nextText());
      cem.vanish();
      bob.hangUpWithoutClose();
      assertEndsWithoutFurtherMessages(bob);
      ann.text("<b>still here</b>");
      assertEquals("Message text was: <b>still here</b>", ann.nextText());
      assertClosesWithoutFurtherMessages(ann);
    }
  }

  @ParameterizedTest
  @EnumSource
  void broadcastReachesEveryoneTheSenderIncluded(Host.Kind server) throws Exception {
    try (RunningExample chat = RunningExample.start(server, Example.BROADCAST);
        WireClient ann = chat.connect("/ws/1")) {
      ann.text("hello");
      assertReceives(ann, "You wrote: hello", "Client #1 says: hello");
      try (WireClient bob = chat.connect("/ws/2")) {
        bob.text("hi");
        assertReceives(bob, "You wrote: hi", "Client #2 says: hi");
        assertReceives(ann, "Client #2 says: hi");
        try (WireClient cem = chat.connect("/ws/-3")) {
          cem.text("grüß euch 👋");
          assertReceives(cem, "You wrote: grüß euch 👋", "Client #-3 says: grüß euch 👋");
          assertReceives(ann, "Client #-3 says: grüß euch 👋");
          assertReceives(bob, "Client #-3 says: grüß euch 👋");
          cem.vanish();
        }
        assertReceives(ann, "Client #-3 left the chat");
        assertReceives(bob, "Client #-3 left the chat");
        bob.hangUpWithoutClose();
        assertReceives(ann, "Client #2 left the chat");
        assertEndsWithoutFurtherMessages(bob);
      }
      ann.text("alone");
      assertReceives(ann, "You wrote: alone", "Client #1 says: alone");
      assertClosesWithoutFurtherMessages(ann);
    }
  }

  @ParameterizedTest
  @EnumSource
  void excludingSelfReachesEveryoneElse(Host.Kind server) throws Exception {
    try (RunningExample chat = RunningExample.start(server, Example.EXCLUDING_SELF);
        WireClient ann = chat.connect("/ws/1")) {
      ann.text("hello");
      assertReceives(ann, "You wrote: hello");
      RunningExample.awaitHandled(ann);
      try (WireClient bob = chat.connect("/ws/2")) {
        bob.text("hi");
        assertReceives(bob, "You wrote: hi");
        assertReceives(ann, "Client #2 says: hi");
        try (WireClient cem = chat.connect("/ws/-3")) {
          cem.text("grüß euch 👋");
          assertReceives(cem, "You wrote: grüß euch 👋");
          assertReceives(ann, "Client #-3 says: grüß euch 👋");
          assertReceives(bob, "Client #-3 says: grüß euch 👋");
          cem.vanish();
        }
        assertReceives(ann, "Client #-3 left the chat");
        assertReceives(bob, "Client #-3 left the chat");
        bob.hangUpWithoutClose();
        assertReceives(ann, "Client #2 left the chat");
        assertEndsWithoutFurtherMessages(bob);
      }
      ann.text("alone");
      assertReceives(ann, "You wrote: alone");
      assertClosesWithoutFurtherMessages(ann);
    }
  }

  @ParameterizedTest
  @EnumSource
  void excludingSelfHasARoomForEachName(Host.Kind server) throws Exception {
    String kitchen = URLEncoder.encode("Küche & Bad", StandardCharsets.UTF_8);
    try (RunningExample chat = RunningExample.start(server, Example.EXCLUDING_SELF);
        WireClient ann = chat.connect("/ws/1?room=" + kitchen)) {
      ann.text("hello");
      assertReceives(ann, "You wrote: hello");
      RunningExample.awaitHandled(ann);
      try (WireClient bob = chat.connect("/ws/2?room=" + kitchen);
          WireClient cem = chat.connect("/ws/3?room=cellar");
          WireClient dot = chat.connect("/ws/4")) {
        for (WireClient each : List.of(cem, dot, bob)) {
          each.text("hi");
          assertReceives(each, "You wrote: hi");
        }
        assertReceives(ann, "Client #2 says: hi");
        ann.text("bye");
        assertReceives(ann, "You wrote: bye");
        assertReceives(bob, "Client #1 says: bye");
        ann.vanish();
        assertReceives(bob, "Client #1 left the chat");
        for (WireClient each : List.of(bob, cem, dot)) {
          assertClosesWithoutFurtherMessages(each);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLostClientOfPlainRoomsResumes(Host.Kind server) throws Exception {
    try (RunningExample chat = RunningExample.start(server, Example.PLAIN_ROOMS);
        WireClient ann = chat.connect("/ws?name=Ann")) {
      assertEquals("Ann", ann.nextText().replaceFirst(".* here: ", ""));
      String resumePath;
      try (WireClient bob = chat.connect("/ws?name=Ann")) {
        String[] welcome = bob.nextText().split(" ", -1);
        resumePath = "/ws?name=Ann&resume=" + welcome[5] + "&since=lobby@" + welcome[3];
        assertReceives(ann, "* Ann (2) is here");
        bob.vanish();
      }
      ann.text("hello?");
      ann.text("grüß dich 👋");
      assertReceives(ann, "[lobby] Ann: hello?", "[lobby] Ann: grüß dich 👋");
      try (WireClient silent = chat.connect(resumePath)) {
        assertTrue(silent.nextText().endsWith(" here: Ann, Ann (2)"));
        assertReceives(silent, "[lobby] Ann: hello?", "[lobby] Ann: grüß dich 👋");
        // The old connection stays open at the server until the client resumes.
        try (WireClient resumed = chat.connect(resumePath)) {
          assertTrue(resumed.nextText().startsWith("* welcome lobby "));
          assertReceives(resumed, "[lobby] Ann: hello?", "[lobby] Ann: grüß dich 👋");
          resumed.text("back");
          assertReceives(resumed, "[lobby] Ann (2): back");
          assertEquals(new Received.Close(4006, "resumed on another connection"), silent.next());
          assertReceives(ann, "[lobby] Ann (2): back");
          resumed.hangUpWithoutClose();
          assertEndsWithoutFurtherMessages(resumed);
        }
      }
      try (WireClient third = chat.connect(resumePath)) {
        assertTrue(third.nextText().startsWith("* welcome lobby "));
        assertEquals("[lobby] Ann (2): back", third.texts(3).get(2));
        assertClosesWithoutFurtherMessages(third);
      }
      assertReceives(ann, "* Ann (2) has left");
      assertClosesWithoutFurtherMessages(ann);
    }
  }

  @ParameterizedTest
  @MethodSource("withIds")
  void aHandshakeWithoutAnIntegerIsRejectedBeforeTheUpgrade(Host.Kind server, Example example)
      throws Exception {
    try (RunningExample chat = RunningExample.start(server, example)) {
      for (String id : List.of("abc", "1.5", "1000000000000000000", "%2B1", "%D9%A3")) {
        WireClient.Rejected rejected =
            assertThrows(WireClient.Rejected.class, () -> chat.connect("/ws/" + id), id);
        assertEquals(400, rejected.status(), id);
        assertEquals("client_id must be an integer of at most 18 digits\n", rejected.body(), id);
      }
      for (String path : List.of("/ws/", "/ws", "/ws/1/2", "/wss/1")) {
        WireClient.Rejected rejected =
            assertThrows(WireClient.Rejected.class, () -> chat.connect(path).close(), path);
        assertEquals(404, rejected.status(), path);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("simple")
  void thePageAndItsResourcesAreServedAndNothingElse(Host.Kind server, Example example)
      throws Exception {
    Map<String, String> types =
        Map.of(
            "/", "text/html;charset=utf-8",
            "/plain/style.css", "text/css;charset=utf-8",
            "/plain/main.js", "text/javascript;charset=utf-8",
            "/favicon.svg", "image/svg+xml");
    try (RunningExample chat = RunningExample.start(server, example)) {
      for (Map.Entry<String, String> part : types.entrySet()) {
        HttpResponse<String> response = chat.get(part.getKey());
        assertEquals(200, response.statusCode(), part.getKey());
        assertEquals(part.getValue(), header(response, "Content-Type"));
        assertEquals("nosniff", header(response, "X-Content-Type-Options"));
        String policy = header(response, "Content-Security-Policy");
        assertTrue(policy.startsWith("default-src 'none'; script-src 'self';"), policy);
        assertTrue(!policy.contains("unsafe"), policy);
      }
      assertTrue(
          chat.get("/")
              .body()
              .contains(
                  "data-socket=\"" + example.path.substring(1).replace("client_id", "id") + "\""));
      for (String path :
          List.of(
              "/plain/index.html", "/" + example + ".html", "/web/plain/main.js", "/WEB-INF/")) {
        assertEquals(404, chat.get(path).statusCode(), path);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void aPlainRequestToTheChatIsAnsweredWithUpgradeRequired(Host.Kind server, Example example)
      throws Exception {
    try (RunningExample chat = RunningExample.start(server, example)) {
      HttpResponse<String> response = chat.get(example.path.replace("{client_id}", "1"));
      assertEquals(426, response.statusCode());
      assertEquals("websocket", header(response, "Upgrade"));
    }
  }

  private static Stream<Arguments> all() {
    return Stream.of(Host.Kind.values())
        .flatMap(
            server -> Stream.of(Example.values()).map(example -> Arguments.of(server, example)));
  }

  /** {@return the examples with plain text, on each server} */
  private static Stream<Arguments> simple() {
    return all().filter(pair -> pair.get()[1] != Example.ROOMS);
  }

  private static Stream<Arguments> withIds() {
    return all().filter(pair -> ((Example) pair.get()[1]).path.contains("{client_id}"));
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("none");
  }

  private static void assertReceives(WireClient client, String... lines) {
    assertEquals(List.of(lines), client.texts(lines.length));
  }

  /** Checks a client that ended its side without a close frame and can still read. */
  private static void assertEndsWithoutFurtherMessages(WireClient client) {
    Received last = client.next();
    if (last instanceof Received.Close) {
      last = client.next();
    }
    assertEquals(new Received.End(false), last);
  }

  private static void assertClosesWithoutFurtherMessages(WireClient client) {
    client.close(1000, "");
    assertEquals(new Received.Close(1000, ""), client.next());
    assertTrue(client.awaitEnd(BOUND), "the server keeps a closed connection");
  }
}
