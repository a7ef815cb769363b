package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page of {@link RoomsExample} in a real browser: the list of keyboard shortcuts. */
class RoomsShortcutsBrowserTest {
  @RegisterExtension static final BrowserTabs TABS = new BrowserTabs();

  @Test
  void theShortcutsAreListedByTheMenuAndByAShortcut() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab ann = TABS.join(chat, "Ann");
      Locator dialog = ann.page().getByRole(AriaRole.DIALOG);
      ann.messageField().fill("what about ?");
      ann.button("Room menu").click();
      ann.chooseMenuItem("Keyboard shortcuts");
      assertThat(dialog).containsText("Find or create a room");
      Axe.assertFindsNothing(ann, "the keyboard shortcuts");
      ann.screenshot("rooms-shortcuts");
      dialog.getByText("Close").click();
      assertThat(dialog).isHidden();

      ann.messageField().press("Control+/");
      assertThat(dialog).isVisible();
      ann.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
      ann.page().setViewportSize(390, 844);
      Axe.assertFindsNothing(ann, "the keyboard shortcuts on a phone");
      ann.screenshot("rooms-shortcuts-phone-dark");
      ann.page().keyboard().press("Escape");
      assertThat(dialog).isHidden();
      assertThat(ann.messageField()).hasValue("what about ?");
    }
  }
}
