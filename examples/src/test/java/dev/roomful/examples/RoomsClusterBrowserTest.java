package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.microsoft.playwright.Locator;
import dev.roomful.testkit.TcpProxy;
import dev.roomful.testsupport.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The page of {@link RoomsExample} in real browsers, on two nodes that share one Redis: one on
 * Jetty, which is killed, and one on Undertow.
 */
class RoomsClusterBrowserTest {
  /** Records whether a person was ever missing from the list of people. */
  private static final String WATCH_PERSON =
      """
      (name) => {
        const people = document.querySelector("#people");
        window.wasMissing = false;
        new MutationObserver(() => {
          const names = [...people.querySelectorAll(".name")].map((one) => one.textContent.trim());
          if (!names.includes(name)) window.wasMissing = true;
        }).observe(people, { childList: true, subtree: true, characterData: true });
      }
      """;

  @RegisterExtension static final BrowserTabs TABS = new BrowserTabs();

  @TempDir Path folder;

  private ExampleProcess startNode(Host.Kind server, RedisServer redis) throws IOException {
    return ExampleProcess.start(
        folder.resolve(server.toString()),
        "rooms",
        "--server",
        server.toString(),
        "--cluster",
        redis.uri());
  }

  @Test
  void theUserOfAKilledNodeContinuesOnAnotherOneUnnoticed() throws Exception {
    try (RedisServer redis = RedisServer.start(folder.resolve("redis"));
        ExampleProcess first = startNode(Host.Kind.JETTY, redis);
        ExampleProcess second = startNode(Host.Kind.UNDERTOW, redis);
        TcpProxy proxy = new TcpProxy(first.uri());
        RoomsClient observer = RoomsClient.connect(second.uri(), "Observer")) {
      Tab ann = TABS.join(proxy.address(), "Ann").send("one");
      Tab bob = TABS.join(second.uri(), "Bob");
      bob.assertMessages("one").send("two");
      ann.assertMessages("one", "two").send("three");
      for (Tab tab : new Tab[] {ann, bob}) {
        tab.assertMessages("one", "two", "three").assertParticipants("Ann", "Bob");
      }
      bob.page().evaluate(WATCH_PERSON, "Ann");
      observer.request("\"subscribe\":{\"channel\":\"lobby\",\"join_leave\":true}");

      proxy.redirect(second.uri());
      first.kill();
      bob.send("are you there?").send("hello?");
      ann.awaitConnected().send("I am back");
      for (Tab tab : new Tab[] {ann, bob}) {
        tab.assertMessages("one", "two", "three", "are you there?", "hello?", "I am back");
        tab.assertParticipants("Ann", "Bob", "Observer");
      }
      // The connection to the killed node leaves when its lease is over; Ann has another one.
      JsonNode joined = observer.awaitPush("join", "Ann");
      JsonNode left = observer.awaitPush("leave", "Ann");
      assertNotEquals(joined.path("client"), left.path("client"));
      bob.send("good");
      for (Tab tab : new Tab[] {ann, bob}) {
        tab.assertMessages("one", "two", "three", "are you there?", "hello?", "I am back", "good");
        tab.assertParticipants("Ann", "Bob", "Observer");
        assertThat(notesAbout(tab, "Ann left")).hasCount(0);
        assertThat(tab.log()).not().containsText("missing");
      }
      assertEquals(false, bob.page().evaluate("window.wasMissing"));
      ann.forgetFailedConnections();
      ann.page().close();
      bob.page().close();
    }
  }

  private static Locator notesAbout(Tab tab, String text) {
    return tab.notes().filter(new Locator.FilterOptions().setHasText(text));
  }

  @Test
  void nothingIsLostOrDoubledWhenRedisIsKilledWhileBothType() throws Exception {
    try (RedisServer redis = RedisServer.start(folder.resolve("redis"), "--appendonly", "yes");
        ExampleProcess first = startNode(Host.Kind.JETTY, redis);
        ExampleProcess second = startNode(Host.Kind.UNDERTOW, redis)) {
      Tab ann = TABS.join(first.uri(), "Ann").send("hello");
      Tab bob = TABS.join(second.uri(), "Bob");
      bob.assertMessages("hello");
      List<String> typed = new ArrayList<>(List.of("hello"));
      type(ann, bob, typed, 1);
      redis.kill();
      type(ann, bob, typed, 4);
      redis.restart();
      type(ann, bob, typed, 7);

      for (Tab tab : new Tab[] {ann, bob}) {
        assertThat(sent(tab)).hasCount(typed.size());
        assertThat(tab.messages()).hasCount(typed.size());
        assertThat(tab.status()).isHidden();
        tab.assertParticipants("Ann", "Bob");
      }
      List<String> order = sent(ann).allInnerTexts();
      assertEquals(order, sent(bob).allInnerTexts());
      assertEquals(sorted(typed.stream()), sorted(order.stream()));
      for (String name : List.of("Ann", "Bob")) {
        assertEquals(
            typed.stream().filter(text -> text.startsWith(name)).toList(),
            order.stream().filter(text -> text.startsWith(name)).toList());
      }
      ann.page().close();
      bob.page().close();
    }
  }

  /** Both send three messages without waiting until they are published. */
  private static void type(Tab ann, Tab bob, List<String> typed, int from) {
    for (int i = from; i < from + 3; i++) {
      ann.send("Ann " + i);
      bob.send("Bob " + i);
      Collections.addAll(typed, "Ann " + i, "Bob " + i);
    }
  }

  private static Locator sent(Tab tab) {
    return tab.log().locator("article[data-state=sent] .what");
  }

  private static List<String> sorted(Stream<String> texts) {
    return texts.sorted().toList();
  }
}
