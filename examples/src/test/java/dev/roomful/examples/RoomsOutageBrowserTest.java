package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.Limits;
import dev.roomful.testkit.TcpProxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page of {@link RoomsExample} in real browsers: outages of the server and the network. */
class RoomsOutageBrowserTest {
  @RegisterExtension static final BrowserTabs TABS = new BrowserTabs();

  @ParameterizedTest
  @EnumSource
  void aRestartOfTheServerLosesNothingThatIsShownOrTyped(Host.Kind server) throws Exception {
    RunningExample before = RunningExample.start(server, Example.ROOMS);
    try {
      Tab ann = TABS.join(before, "Ann").send("before");
      Tab bob = TABS.join(before, "Bob");
      bob.assertMessages("before");
      int port = before.port();
      before.close();
      for (Tab tab : new Tab[] {ann, bob}) {
        assertThat(tab.status()).containsText("Reconnecting…");
        assertThat(tab.message("before")).isVisible();
      }
      ann.send("written during the restart");
      assertThat(ann.message("written during the restart")).containsText("Waiting to be sent");
      bob.messageField().fill("a draft");

      try (RunningExample restarted = TABS.start(server, port)) {
        for (Tab tab : new Tab[] {ann.awaitConnected(), bob.awaitConnected()}) {
          tab.assertMessages("before", "written during the restart");
          assertThat(tab.status()).isHidden();
          assertThat(tab.person("Ann")).isVisible(); // the order depends on who reconnects first
          assertThat(tab.person("Bob")).isVisible();
        }
        assertThat(bob.messageField()).hasValue("a draft");
        bob.send("welcome back");
        for (Tab tab : new Tab[] {ann, bob}) {
          tab.assertMessages("before", "written during the restart", "welcome back");
          tab.forgetFailedConnections();
        }
        TABS.join(restarted, "Cem").assertMessages("written during the restart", "welcome back");
      }
    } finally {
      before.close();
    }
  }

  @Test
  void noMessageOfTheOthersIsLostInAnOutage() throws Exception {
    try (RunningExample chat = TABS.start();
        TcpProxy proxy = new TcpProxy(chat.uri("/"))) {
      Tab ann = TABS.join(chat, "Ann").send("one");
      Tab bob = TABS.join(proxy.address(), "Bob");
      bob.assertMessages("one");
      proxy.cut();
      assertThat(bob.status()).containsText("Reconnecting…");
      bob.send("from the dark").send("and again");
      assertThat(bob.message("from the dark")).containsText("Waiting to be sent");
      ann.send("two").send("three").send("four");
      ann.assertMessages("one", "two", "three", "four");
      assertThat(bob.message("two")).hasCount(0);

      proxy.restore();
      bob.awaitConnected();
      for (Tab tab : new Tab[] {ann, bob}) {
        tab.assertMessages("one", "two", "three", "four", "from the dark", "and again");
        tab.assertParticipants("Ann", "Bob");
      }
      assertThat(bob.log()).not().containsText("missing");
      ann.send("there you are");
      bob.assertMessages(
          "one", "two", "three", "four", "from the dark", "and again", "there you are");
      bob.forgetFailedConnections();
    }
  }

  @Test
  void aChatThatCannotBeReachedIsReported() throws Exception {
    try (RunningExample chat = TABS.start();
        TcpProxy proxy = new TcpProxy(chat.uri("/"))) {
      Tab bob = TABS.open(proxy.address());
      proxy.cut();
      bob.page().getByLabel("Your name").first().fill("Bob");
      bob.button("Enter").click();
      assertThat(bob.status()).containsText("Cannot reach the chat.");
      assertThat(bob.button("Try now")).isVisible();
      proxy.restore();
      bob.awaitJoined();
      assertThat(bob.status()).isHidden();
      bob.forgetFailedConnections();
    }
  }

  @Test
  void aRefusedConnectionSaysWhy() throws Exception {
    ChatSettings settings = RunningExample.settings(Example.ROOMS);
    Limits full = settings.limits().withConnections(1);
    try (RunningExample chat = TABS.start(settings.withLimits(full))) {
      Tab ann = TABS.join(chat, "Ann");
      Tab bob = TABS.open(chat.uri("/"));
      bob.page().getByLabel("Your name").first().fill("Bob");
      bob.button("Enter").click();
      assertThat(bob.status()).containsText("The connection was refused:");
      assertThat(bob.status()).containsText("too many");
      assertThat(bob.button("Try now")).isVisible();
      ann.page().close();
      bob.awaitJoined(); // at the next attempt
      assertThat(bob.status()).isHidden();
      bob.forgetFailedConnections();
    }
  }

  /** The page's timers are stopped, so that only the button can reconnect. */
  @Test
  void theButtonReconnectsWithoutWaitingForTheNextAttempt() throws Exception {
    try (RunningExample chat = TABS.start();
        TcpProxy proxy = new TcpProxy(chat.uri("/"))) {
      Tab bob = TABS.join(proxy.address(), "Bob");
      bob.clock().install();
      bob.clock().pauseAt(System.currentTimeMillis() + 1_000);
      proxy.cut();
      assertThat(bob.status()).containsText("Reconnecting…");
      proxy.restore();
      bob.button("Try now").click();
      bob.awaitConnected();
      assertThat(bob.status()).isHidden();
      bob.forgetFailedConnections();
    }
  }

  @Test
  void whatIsTypedAfterOpeningADirectRoomReachesThatRoomOnASlowLink() throws Exception {
    try (RunningExample chat = TABS.start();
        TcpProxy proxy = new TcpProxy(chat.uri("/"))) {
      Tab ann = TABS.join(chat, "Ann");
      Tab bob = TABS.join(proxy.address(), "Bob");
      bob.assertParticipants("Ann", "Bob");
      proxy.delay(Duration.ofMillis(800)); // each way
      bob.openMenuOfPerson("Ann").chooseMenuItem("Write a direct message");
      assertEquals("Ann", bob.title().innerText(), "the view has switched at the click");
      assertEquals("Message Ann", bob.messageField().getAttribute("placeholder"));
      bob.page().keyboard().type("for Ann only");
      bob.page().keyboard().press("Enter");
      bob.assertMessages("for Ann only");
      assertThat(ann.room("Bob")).containsText("1 unread");
      assertThat(ann.messages()).hasCount(0);
      ann.room("Bob").click();
      ann.assertMessages("for Ann only");
    }
  }

  /** The server receives the message; the connection is cut before the browser learns that. */
  @Test
  void aMessageSentJustBeforeTheCutIsPublishedOnce() throws Exception {
    try (RunningExample chat = TABS.start();
        TcpProxy proxy = new TcpProxy(chat.uri("/"))) {
      Tab ann = TABS.join(chat, "Ann");
      Tab bob = TABS.join(proxy.address(), "Bob");
      ann.assertParticipants("Ann", "Bob");
      proxy.mute();
      bob.send("did this arrive?");
      ann.assertMessages("did this arrive?");
      assertThat(bob.message("did this arrive?")).hasAttribute("data-state", "waiting");
      proxy.cut();
      assertThat(bob.status()).containsText("Reconnecting…");
      proxy.restore();
      bob.awaitConnected().send("and now?");
      for (Tab tab : new Tab[] {ann, bob}) {
        tab.assertMessages("did this arrive?", "and now?");
      }
      bob.forgetFailedConnections();
    }
  }
}
