package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page of {@link RoomsExample} in real browsers: the search in messages. */
class RoomsSearchBrowserTest {
  /** More messages than the page loads at once. */
  private static final int MESSAGES = 90;

  @RegisterExtension static final BrowserTabs TABS = new BrowserTabs();

  @Test
  void matchesAreCountedAndShownOneAfterTheOther() throws Exception {
    try (RunningExample chat = TABS.start()) {
      publishMessages(chat);
      Tab ann = TABS.join(chat, "Ann");
      ann.messageField().press("Control+Shift+F");
      assertThat(field(ann)).isFocused();
      field(ann).fill("TEA");
      assertThat(status(ann)).hasText("2 of 2");
      assertThat(found(ann)).containsText("tea 80");
      assertThat(found(ann)).isInViewport();
      field(ann).press("Enter");
      assertThat(status(ann)).hasText("1 of 2");
      assertThat(found(ann)).containsText("tea 60");
      assertThat(found(ann)).isInViewport();
      ann.button("Next match").click();
      assertThat(found(ann)).containsText("tea 80");
      Axe.assertFindsNothing(ann, "the search");
      ann.screenshot("rooms-search");
      ann.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
      ann.page().setViewportSize(390, 844);
      Axe.assertFindsNothing(ann, "the search on a phone");
      ann.screenshot("rooms-search-phone-dark");

      field(ann).press("Escape");
      assertThat(field(ann)).isHidden();
      assertThat(found(ann)).hasCount(0);
      assertThat(ann.messageField()).isFocused();
    }
  }

  @Test
  void olderMessagesAreLoadedUntilOneMatches() throws Exception {
    try (RunningExample chat = TABS.start()) {
      publishMessages(chat);
      Tab ann = TABS.join(chat, "Ann");
      ann.button("Room menu").click();
      ann.chooseMenuItem("Search in this room");
      field(ann).fill("cake");
      assertThat(status(ann)).hasText("No matches yet");
      ann.button("Search older messages").click();
      assertThat(found(ann)).containsText("cake 1");
      assertThat(found(ann)).isInViewport();
      assertThat(status(ann)).hasText("1 of 1");
      assertThat(ann.button("Search older messages")).isHidden();
      field(ann).fill("biscuits");
      assertThat(status(ann)).hasText("No matches");
      ann.switchToRoom("tea");
      assertThat(field(ann)).isHidden();
    }
  }

  /** The first message is about cake, and each twentieth one about tea. */
  private static void publishMessages(RunningExample chat) throws Exception {
    try (RoomsClient client = RoomsClient.join(chat, "Cem", "lobby")) {
      for (int n = 1; n <= MESSAGES; n++) {
        String topic = n == 1 ? "cake" : n % 20 == 0 ? "tea" : "message";
        client.publish("lobby", "{\"text\":\"%s %d\"}".formatted(topic, n));
      }
    }
  }

  private static Locator field(Tab tab) {
    return tab.page()
        .getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("Search in this room"));
  }

  private static Locator status(Tab tab) {
    return tab.page().getByRole(AriaRole.SEARCH).getByRole(AriaRole.STATUS);
  }

  private static Locator found(Tab tab) {
    return tab.log().locator(".found");
  }
}
