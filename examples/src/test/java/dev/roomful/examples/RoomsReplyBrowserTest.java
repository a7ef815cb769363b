package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.roomful.testkit.TcpProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page of {@link RoomsExample} in real browsers: replies to messages. */
class RoomsReplyBrowserTest {
  @RegisterExtension static final BrowserTabs TABS = new BrowserTabs();

  @Test
  void aReplyShowsTheMessageAndLeadsToIt() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab ann = TABS.join(chat, "Ann").send("shall we have **lunch** at noon?");
      Tab bob = TABS.join(chat, "Bob").send("hello");
      bob.messageField().fill("a draft");
      bob.openMenuOfMessage("lunch").chooseMenuItem("Reply");
      assertThat(bar(bob)).containsText("Replying to Ann: shall we have lunch at noon?");
      assertThat(bob.messageField()).isFocused();
      assertThat(bob.messageField()).hasValue("a draft");
      bob.button("Cancel").click();
      assertThat(bar(bob)).isHidden();
      bob.send("not a reply");

      bob.openMenuOfMessage("lunch").chooseMenuItem("Reply");
      bob.messageField().press("Escape");
      assertThat(bar(bob)).isHidden();
      bob.openMenuOfMessage("lunch").chooseMenuItem("Reply");
      Axe.assertFindsNothing(bob, "a reply that is being written");
      bob.page().setViewportSize(390, 844);
      bob.screenshot("rooms-reply-phone");
      bob.page().setViewportSize(1280, 800);
      bob.send("yes").send("see you there");
      assertThat(bar(bob)).isHidden();
      for (Tab tab : new Tab[] {ann, bob, TABS.join(chat, "Cem")}) {
        tab.assertMessages(
            "shall we have lunch at noon?", "hello", "not a reply", "yes", "see you there");
        assertThat(quoted(tab))
            .hasText(new String[] {"In reply to Ann: shall we have lunch at noon?"});
      }
      quoted(ann).click();
      assertThat(ann.messages().first()).isFocused();
      Axe.assertFindsNothingInLightAndDark(ann, "a reply");
      ann.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
      ann.screenshot("rooms-reply-dark");

      ann.messages().first().press("Enter");
      ann.chooseMenuItem("Delete this message");
      for (Tab tab : new Tab[] {ann, bob}) {
        assertThat(quoted(tab)).hasText("In reply to a message that was removed");
      }
    }
  }

  @Test
  void aReplyThatWaitsForTheConnectionIsSentAsAReply() throws Exception {
    try (RunningExample chat = TABS.start();
        TcpProxy proxy = new TcpProxy(chat.uri("/"))) {
      Tab ann = TABS.join(chat, "Ann").send("one");
      Tab bob = TABS.join(proxy.address(), "Bob");
      bob.assertMessages("one");
      proxy.cut();
      assertThat(bob.status()).containsText("Reconnecting…");
      bob.openMenuOfMessage("one").chooseMenuItem("Reply");
      bob.send("two");
      assertThat(quoted(bob)).hasText("In reply to Ann: one");
      proxy.restore();
      bob.awaitConnected();
      assertThat(quoted(ann)).hasText("In reply to Ann: one");
      bob.forgetFailedConnections();
    }
  }

  @Test
  void aReplyToAMessageThatIsNotLoadedSaysSo() throws Exception {
    try (RunningExample chat = TABS.start();
        RoomsClient client = RoomsClient.join(chat, "Cem", "lobby")) {
      client.publish("lobby", "{\"text\":\"ah\",\"reply\":\"elsewhere:3\"}");
      client.publish("lobby", "{\"text\":\"oh\",\"reply\":\"nonsense\"}");
      Tab ann = TABS.join(chat, "Ann").assertMessages("ah", "oh");
      assertThat(quoted(ann)).hasText("In reply to a message that is not loaded");
      assertThat(ann.messages().getByRole(AriaRole.BUTTON).and(quoted(ann))).hasCount(0);
    }
  }

  private static Locator bar(Tab tab) {
    return tab.page().locator("#composer-bar");
  }

  private static Locator quoted(Tab tab) {
    return tab.messages().locator(".quoted");
  }
}
