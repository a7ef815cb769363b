package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import dev.roomful.testkit.TcpProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page of {@link RoomsExample} in real browsers: editing and reacting to messages. */
class RoomsAmendmentBrowserTest {
  @RegisterExtension static final BrowserTabs TABS = new BrowserTabs();

  @Test
  void theAuthorEditsAMessageForAll() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab ann = TABS.join(chat, "Ann").send("helo").assertMessages("helo");
      Tab bob = TABS.join(chat, "Bob").send("hi");
      ann.assertMessages("helo", "hi").openMenuOfMessage("hi");
      assertThat(ann.page().getByRole(AriaRole.MENU)).not().containsText("Edit");
      ann.page().keyboard().press("Escape");

      ann.messageField().fill("a draft");
      ann.openMenuOfMessage("helo").chooseMenuItem("Edit this message");
      assertThat(ann.messageField()).hasValue("helo");
      Axe.assertFindsNothingInLightAndDark(ann, "an edit");
      ann.page().setViewportSize(390, 844);
      Axe.assertFindsNothingInLightAndDark(ann, "an edit on a phone");
      ann.screenshot("rooms-edit-phone");
      ann.messageField().press("Escape");
      assertThat(ann.messageField()).hasValue("a draft");
      ann.messageField().fill("");
      ann.messageField().press("ArrowUp");
      assertThat(ann.messageField()).hasValue("helo");
      ann.send("hello");
      assertThat(ann.messageField()).hasValue("");
      for (Tab tab : new Tab[] {ann, bob, TABS.join(chat, "Cem")}) {
        tab.assertMessages("hello (edited)", "hi");
      }
    }
  }

  @Test
  void aReactionIsCountedAndTakenBackByAClick() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab ann = TABS.join(chat, "Ann").send("lunch?").assertMessages("lunch?");
      Tab bob = TABS.join(chat, "Bob");
      bob.openMenuOfMessage("lunch?").chooseMenuItem("Add a reaction");
      bob.chooseMenuItem("👍 Thumbs up");
      Locator anns = reaction(ann);
      assertThat(anns).hasText("👍 1");
      assertThat(anns).hasAttribute("aria-pressed", "false");
      assertThat(anns).hasAttribute("aria-label", "Thumbs up, 1: Bob");
      ann.page().setViewportSize(390, 844);
      assertThat(anns).isInViewport();
      Axe.assertFindsNothingInLightAndDark(ann, "a reaction on a phone");
      ann.screenshot("rooms-reaction-phone");
      anns.click();
      assertThat(anns).hasAttribute("aria-label", "Thumbs up, 2: Bob and you");
      assertThat(reaction(bob)).hasText("👍 2");
      assertThat(reaction(TABS.join(chat, "Cem"))).hasText("👍 2");
      anns.click();
      reaction(bob).click();
      assertThat(reaction(ann)).hasCount(0);
    }
  }

  private static Locator reaction(Tab tab) {
    return tab.messages().locator(".reaction");
  }

  @Test
  void whatWasChangedDuringAnOutageIsSeenAfterTheReconnect() throws Exception {
    try (RunningExample chat = TABS.start();
        TcpProxy proxy = new TcpProxy(chat.uri("/"))) {
      Tab ann = TABS.join(chat, "Ann").send("one").send("two").assertMessages("one", "two");
      Tab bob = TABS.join(proxy.address(), "Bob");
      bob.assertMessages("one", "two");
      proxy.cut();
      assertThat(bob.status()).containsText("Reconnecting…");
      ann.openMenuOfMessage("one").chooseMenuItem("Edit this message");
      ann.send("ONE").assertMessages("ONE (edited)", "two");
      ann.openMenuOfMessage("two").chooseMenuItem("Add a reaction");
      ann.chooseMenuItem("🎉 Celebration");
      assertThat(reaction(ann)).hasText("🎉 1");
      proxy.restore();
      bob.awaitConnected().assertMessages("ONE (edited)", "two");
      assertThat(reaction(bob)).hasText("🎉 1");
      bob.forgetFailedConnections();
    }
  }
}
