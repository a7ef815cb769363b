package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Keyboard;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ReducedMotion;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page of {@link RoomsExample} in real browsers: with the keyboard, and for screen readers. */
class RoomsAccessibilityBrowserTest {
  @RegisterExtension static final BrowserTabs TABS = new BrowserTabs();

  @Test
  void axeFindsNoSeriousViolationInLightAndDark() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab ann = TABS.open(URI.create("about:blank"));
      ann.page()
          .emulateMedia(new Page.EmulateMediaOptions().setReducedMotion(ReducedMotion.REDUCE));
      ann.page().navigate(chat.uri("/").toString());
      assertThat(ann.button("Enter")).isVisible();
      Axe.assertFindsNothingInLightAndDark(ann, "the way in");

      ann.join("Ann").send("Look: https://example.org/ is where it is").send("And again");
      Tab bob = TABS.join(chat, "Bob").send("I see").send("👍");
      bob.switchToRoom("tea");
      assertThat(ann.message("I see")).isVisible();
      ann.openMenuOfMessage("I see").chooseMenuItem("Remove this message");
      assertThat(ann.message("removed")).isVisible();
      bob.room("lobby").click();
      bob.messageField().fill("Well");
      assertThat(ann.typing()).hasText("Bob is typing…");
      Axe.assertFindsNothingInLightAndDark(ann, "the chat");

      ann.openMenuOfPerson("Bob");
      Axe.assertFindsNothingInLightAndDark(ann, "the menu of a person");
      ann.chooseMenuItem("Remove from the room…");
      Axe.assertFindsNothingInLightAndDark(ann, "the question why");
      ann.page().keyboard().press("Escape");
      ann.page().keyboard().press("Control+k");
      assertThat(ann.page().getByRole(AriaRole.OPTION)).hasCount(2);
      Axe.assertFindsNothingInLightAndDark(ann, "the list of all rooms");
      ann.page().keyboard().press("Escape");
      ann.page().locator("#self").click();
      Axe.assertFindsNothingInLightAndDark(ann, "the settings");
      ann.page().keyboard().press("Escape");
      ann.button("Room menu").click();
      Axe.assertFindsNothingInLightAndDark(ann, "the menu of the room");
      ann.page().keyboard().press("Escape");

      ann.page().setViewportSize(390, 844);
      Axe.assertFindsNothingInLightAndDark(ann, "the chat on a phone");
      ann.button("Show rooms").click();
      Axe.assertFindsNothingInLightAndDark(ann, "the rooms on a phone");
      ann.button("Close the list of rooms").click();
      ann.button("People 2").click();
      Axe.assertFindsNothingInLightAndDark(ann, "the people on a phone");
    }
  }

  @Test
  void thePageCanBeUsedWithTheKeyboardAlone() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab bob = TABS.join(chat, "Bob").send("anybody here?");
      Tab ann = TABS.open(chat.uri("/"));
      Keyboard keys = ann.page().keyboard();
      assertThat(ann.page().getByLabel("Your name").first()).isFocused();
      keys.type("Ann");
      keys.press("Enter");
      assertThat(ann.messageField()).isFocused();
      keys.type("Good morning");
      keys.press("Shift+Enter");
      keys.type("Bob");
      keys.press("Enter");
      bob.assertMessages("anybody here?", "Good morning Bob");

      Locator person = ann.person("Bob").getByRole(AriaRole.BUTTON);
      tabTo(ann, person);
      keys.press("Enter");
      Locator direct = ann.page().getByRole(AriaRole.MENUITEM);
      assertThat(direct).isFocused();
      keys.press("Escape");
      assertThat(direct).hasCount(0);
      assertThat(person).isFocused();
      keys.press("Enter");
      keys.press("Enter");
      assertThat(ann.title()).hasText("Bob");
      assertThat(ann.messageField()).isFocused();
      keys.type("psst");
      keys.press("Enter");
      assertThat(bob.room("Ann")).containsText("1 unread");

      keys.press("Control+k");
      assertThat(ann.page().getByRole(AriaRole.COMBOBOX)).isFocused();
      keys.press("Escape");
      assertThat(ann.page().getByRole(AriaRole.DIALOG)).isHidden();
      ann.switchToRoom("lobby");
      assertThat(ann.messageField()).isFocused();
      tabTo(ann, ann.log(), "Shift+Tab");
      keys.press("ArrowUp");
      assertThat(ann.message("Good morning")).isFocused();
      keys.press("ArrowUp");
      assertThat(ann.message("anybody here?")).isFocused();
      keys.press("Enter");
      assertThat(ann.page().getByRole(AriaRole.MENU)).isVisible();
      keys.press("Escape");
      assertThat(ann.page().getByRole(AriaRole.MENU)).hasCount(0);
    }
  }

  private static void tabTo(Tab tab, Locator wanted) {
    tabTo(tab, wanted, "Tab");
  }

  private static void tabTo(Tab tab, Locator wanted, String key) {
    for (int i = 0; i < 30 && !isFocused(wanted); i++) {
      tab.page().keyboard().press(key);
    }
    assertThat(wanted).isFocused();
  }

  private static boolean isFocused(Locator wanted) {
    return (boolean) wanted.evaluate("node => node === document.activeElement");
  }
}
