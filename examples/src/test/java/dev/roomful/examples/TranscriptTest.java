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
 * What three clients read from the first byte to the last, over real sockets: each is read to its
 * end, so that nothing can hide before, between or behind the lines.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TranscriptTest {
  private static final Duration BOUND = Duration.ofSeconds(5);

  @ParameterizedTest
  @EnumSource
  void echoAnswersEachAndTellsNobodyElse(Host.Kind server) throws Exception {
    try (Running chat = Running.start(server, Example.ECHO);
        WireClient ann = chat.enter("/ws");
        WireClient bob = chat.enter("/ws");
        WireClient cem = chat.enter("/ws")) {
      ann.text("hello");
      assertEquals("Message text was: hello", ann.nextText());
      bob.text("");
      assertEquals("Message text was: ", bob.nextText());
      cem.text("grüß dich 👋");
      assertEquals("Message text was: grüß dich 👋", cem.nextText());
      cem.vanish();
      bob.hangUpWithoutClose();
      assertLeftWithoutAnotherWord(bob);
      ann.text("<b>still here</b>");
      assertEquals("Message text was: <b>still here</b>", ann.nextText());
      assertHangsUpWithoutAnotherWord(ann);
    }
  }

  @ParameterizedTest
  @EnumSource
  void broadcastTellsEveryoneTheSenderIncluded(Host.Kind server) throws Exception {
    try (Running chat = Running.start(server, Example.BROADCAST);
        WireClient ann = chat.enter("/ws/1")) {
      ann.text("hello");
      assertHears(ann, "You wrote: hello", "Client #1 says: hello");
      try (WireClient bob = chat.enter("/ws/2")) {
        bob.text("hi");
        assertHears(bob, "You wrote: hi", "Client #2 says: hi");
        assertHears(ann, "Client #2 says: hi");
        try (WireClient cem = chat.enter("/ws/-3")) {
          cem.text("grüß euch 👋");
          assertHears(cem, "You wrote: grüß euch 👋", "Client #-3 says: grüß euch 👋");
          assertHears(ann, "Client #-3 says: grüß euch 👋");
          assertHears(bob, "Client #-3 says: grüß euch 👋");
          cem.vanish();
        }
        assertHears(ann, "Client #-3 left the chat");
        assertHears(bob, "Client #-3 left the chat");
        bob.hangUpWithoutClose();
        assertHears(ann, "Client #2 left the chat");
        assertLeftWithoutAnotherWord(bob);
      }
      ann.text("alone");
      assertHears(ann, "You wrote: alone", "Client #1 says: alone");
      assertHangsUpWithoutAnotherWord(ann);
    }
  }

  @ParameterizedTest
  @EnumSource
  void excludingSelfTellsEveryoneElse(Host.Kind server) throws Exception {
    try (Running chat = Running.start(server, Example.EXCLUDING_SELF);
        WireClient ann = chat.enter("/ws/1")) {
      ann.text("hello");
      assertHears(ann, "You wrote: hello");
      Running.awaitHandled(ann);
      try (WireClient bob = chat.enter("/ws/2")) {
        bob.text("hi");
        assertHears(bob, "You wrote: hi");
        assertHears(ann, "Client #2 says: hi");
        try (WireClient cem = chat.enter("/ws/-3")) {
          cem.text("grüß euch 👋");
          assertHears(cem, "You wrote: grüß euch 👋");
          assertHears(ann, "Client #-3 says: grüß euch 👋");
          assertHears(bob, "Client #-3 says: grüß euch 👋");
          cem.vanish();
        }
        assertHears(ann, "Client #-3 left the chat");
        assertHears(bob, "Client #-3 left the chat");
        bob.hangUpWithoutClose();
        assertHears(ann, "Client #2 left the chat");
        assertLeftWithoutAnotherWord(bob);
      }
      ann.text("alone");
      assertHears(ann, "You wrote: alone");
      assertHangsUpWithoutAnotherWord(ann);
    }
  }

  @ParameterizedTest
  @EnumSource
  void excludingSelfHasARoomForEachName(Host.Kind server) throws Exception {
    String kitchen = URLEncoder.encode("Küche & Bad", StandardCharsets.UTF_8);
    try (Running chat = Running.start(server, Example.EXCLUDING_SELF);
        WireClient ann = chat.enter("/ws/1?room=" + kitchen)) {
      ann.text("hello");
      assertHears(ann, "You wrote: hello");
      Running.awaitHandled(ann);
      try (WireClient bob = chat.enter("/ws/2?room=" + kitchen);
          WireClient cem = chat.enter("/ws/3?room=cellar");
          WireClient dot = chat.enter("/ws/4")) {
        for (WireClient each : List.of(cem, dot, bob)) {
          each.text("hi");
          assertHears(each, "You wrote: hi");
        }
        assertHears(ann, "Client #2 says: hi");
        ann.text("bye");
        assertHears(ann, "You wrote: bye");
        assertHears(bob, "Client #1 says: bye");
        ann.vanish();
        assertHears(bob, "Client #1 left the chat");
        for (WireClient each : List.of(bob, cem, dot)) {
          assertHangsUpWithoutAnotherWord(each);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void plainRoomsKeepThePlaceOfAClientThatIsLost(Host.Kind server) throws Exception {
    try (Running chat = Running.start(server, Example.PLAIN_ROOMS);
        WireClient ann = chat.enter("/ws?name=Ann")) {
      assertEquals("Ann", ann.nextText().replaceFirst(".* here: ", ""));
      String back;
      try (WireClient bob = chat.enter("/ws?name=Ann")) {
        String[] welcome = bob.nextText().split(" ", -1);
        back = "/ws?name=Ann&resume=" + welcome[5] + "&since=lobby@" + welcome[3];
        assertHears(ann, "* Ann (2) is here");
        bob.vanish();
      }
      ann.text("hello?");
      ann.text("grüß dich 👋");
      assertHears(ann, "[lobby] Ann: hello?", "[lobby] Ann: grüß dich 👋");
      try (WireClient silent = chat.enter(back)) {
        assertTrue(silent.nextText().endsWith(" here: Ann, Ann (2)"));
        assertHears(silent, "[lobby] Ann: hello?", "[lobby] Ann: grüß dich 👋");
        // Its cable is pulled now: the server hears nothing of that before the next one comes.
        try (WireClient again = chat.enter(back)) {
          assertTrue(again.nextText().startsWith("* welcome lobby "));
          assertHears(again, "[lobby] Ann: hello?", "[lobby] Ann: grüß dich 👋");
          again.text("back");
          assertHears(again, "[lobby] Ann (2): back");
          assertEquals(new Received.Close(4006, "resumed on another connection"), silent.next());
          assertHears(ann, "[lobby] Ann (2): back");
          again.hangUpWithoutClose();
          assertLeftWithoutAnotherWord(again);
        }
      }
      try (WireClient third = chat.enter(back)) {
        assertTrue(third.nextText().startsWith("* welcome lobby "));
        assertEquals("[lobby] Ann (2): back", third.texts(3).get(2));
        assertHangsUpWithoutAnotherWord(third);
      }
      assertHears(ann, "* Ann (2) has left");
      assertHangsUpWithoutAnotherWord(ann);
    }
  }

  @ParameterizedTest
  @MethodSource("withIds")
  void whoComesWithoutAnIntegerIsRefusedBeforeTheUpgrade(Host.Kind server, Example example)
      throws Exception {
    try (Running chat = Running.start(server, example)) {
      for (String id : List.of("abc", "1.5", "1000000000000000000", "%2B1", "%D9%A3")) {
        WireClient.Refused refused =
            assertThrows(WireClient.Refused.class, () -> chat.enter("/ws/" + id), id);
        assertEquals(400, refused.status(), id);
        assertEquals("client_id must be an integer of at most 18 digits\n", refused.body(), id);
      }
      for (String path : List.of("/ws/", "/ws", "/ws/1/2", "/wss/1")) {
        WireClient.Refused refused =
            assertThrows(WireClient.Refused.class, () -> chat.enter(path).close(), path);
        assertEquals(404, refused.status(), path);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("simple")
  void thePageComesWithItsPartsAndNothingElse(Host.Kind server, Example example) throws Exception {
    Map<String, String> types =
        Map.of(
            "/", "text/html;charset=utf-8",
            "/chat.css", "text/css;charset=utf-8",
            "/chat.js", "text/javascript;charset=utf-8",
            "/favicon.svg", "image/svg+xml");
    try (Running chat = Running.start(server, example)) {
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
              .contains("data-socket=\"" + example.path.replace("client_id", "id") + "\""));
      for (String path :
          List.of("/chat.html", "/" + example + ".html", "/web/chat.js", "/WEB-INF/")) {
        assertEquals(404, chat.get(path).statusCode(), path);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void aPlainRequestToTheChatIsToldToUpgrade(Host.Kind server, Example example) throws Exception {
    try (Running chat = Running.start(server, example)) {
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

  /** All but the one with a page of its own. */
  private static Stream<Arguments> simple() {
    return all().filter(pair -> pair.get()[1] != Example.ROOMS);
  }

  private static Stream<Arguments> withIds() {
    return all().filter(pair -> ((Example) pair.get()[1]).path.contains("{client_id}"));
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("none");
  }

  private static void assertHears(WireClient client, String... lines) {
    assertEquals(List.of(lines), client.texts(lines.length));
  }

  /** For one that has hung up without a close frame, and can still read. */
  private static void assertLeftWithoutAnotherWord(WireClient client) {
    Received last = client.next();
    if (last instanceof Received.Close) {
      last = client.next();
    }
    assertEquals(new Received.End(false), last);
  }

  private static void assertHangsUpWithoutAnotherWord(WireClient client) {
    client.close(1000, "");
    assertEquals(new Received.Close(1000, ""), client.next());
    assertTrue(client.awaitEnd(BOUND), "the server keeps a closed connection");
  }
}
