package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page of {@link RoomsExample} in real browsers: notifications of the system. */
class RoomsNotificationBrowserTest {
  /** Replaces the notifications of the browser, which shows none in a test. */
  private static final String FAKE =
      """
      window.Notification = class {
        static permission = "default";
        static answer = "granted";
        static asked = 0;
        static shown = [];
        static async requestPermission() {
          this.asked++;
          return this.permission = this.answer;
        }
        constructor(title, { body }) {
          Notification.shown.push(this);
          this.text = `${title}: ${body}`;
        }
        close() {}
      };
      """;

  @RegisterExtension static final BrowserTabs TABS = new BrowserTabs();

  @Test
  void aHiddenPageNotifiesAboutMentionsAndDirectMessages() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab ann = join(chat, "Ann");
      Tab bob = TABS.join(chat, "Bob");
      bob.assertParticipants("Ann", "Bob");
      ann.switchToRoom("tea");
      assertEquals(0, ann.page().evaluate("Notification.asked"));
      assertThat(toggle(ann)).hasAttribute("aria-pressed", "false");
      switchOn(ann);
      assertThat(toggle(ann)).hasAttribute("aria-pressed", "true");
      Axe.assertFindsNothing(ann, "the settings");
      ann.screenshot("rooms-settings");
      ann.page().setViewportSize(390, 844);
      assertThat(toggle(ann)).isInViewport();
      Axe.assertFindsNothing(ann, "the settings on a phone");
      ann.screenshot("rooms-settings-phone");
      ann.page().setViewportSize(1280, 800);
      ann.page().keyboard().press("Escape");

      bob.send("while @Ann looks");
      assertThat(ann.room("lobby")).containsText("you were mentioned");
      ann.page().evaluate("Object.defineProperty(document, 'hidden', { value: true })");
      bob.send("nobody in particular").send("and now, @Ann?");
      bob.openMenuOfPerson("Ann").chooseMenuItem("Write a direct message");
      bob.send("psst **you**");
      assertThat(ann.room("Bob")).containsText("1 unread");
      assertEquals(
          List.of("Bob in lobby: and now, @Ann?", "Bob: psst you"),
          ann.page().evaluate("Notification.shown.map(({ text }) => text)"));
      ann.page().evaluate("Notification.shown[0].onclick()");
      assertThat(ann.title()).hasText("lobby");
      assertEquals(1, ann.page().evaluate("Notification.asked"));
    }
  }

  @Test
  void aBrowserThatDoesNotAllowNotificationsIsNamedAsTheReason() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab ann = join(chat, "Ann");
      ann.page().evaluate("Notification.answer = 'denied'");
      switchOn(ann);
      assertThat(ann.page().locator("#notify-hint"))
          .hasText("The browser does not allow notifications of this page.");
      assertThat(toggle(ann)).hasAttribute("aria-pressed", "false");
    }
  }

  private static Tab join(RunningExample chat, String name) {
    Tab tab = TABS.open(URI.create("about:blank"));
    tab.page().addInitScript(FAKE);
    tab.page().navigate(chat.uri("/").toString());
    return tab.join(name);
  }

  private static void switchOn(Tab tab) {
    tab.page().locator("#self").click();
    toggle(tab).click();
  }

  private static Locator toggle(Tab tab) {
    return tab.page().locator("#notify");
  }
}
