package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page of {@link RoomsExample} in real browsers: mentions of people. */
class RoomsMentionBrowserTest {
  private static final Pattern MENTION = Pattern.compile("\\bmention\\b");

  @RegisterExtension static final BrowserTabs TABS = new BrowserTabs();

  @Test
  void namesAreCompletedWithTheKeyboard() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab ann = TABS.join(chat, "Ann");
      TABS.join(chat, "Bob");
      TABS.join(chat, "Bo Diddley");
      ann.assertParticipants("Ann", "Bo Diddley", "Bob");
      ann.messageField().pressSequentially("hi @");
      assertThat(options(ann)).hasText(new String[] {"BDBo Diddley", "BBob"});
      ann.messageField().press("ArrowDown");
      assertSelected(ann, 1);
      Axe.assertFindsNothing(ann, "the completion of a name");
      ann.screenshot("rooms-mention");
      ann.messageField().press("ArrowUp");
      ann.messageField().press("ArrowUp");
      assertSelected(ann, 1);
      ann.messageField().press("Tab");
      assertThat(ann.messageField()).hasValue("hi @Bob ");
      assertThat(ann.messageField()).isFocused();
      assertThat(options(ann)).hasCount(0);

      ann.messageField().fill("");
      ann.messageField().pressSequentially("@di");
      assertThat(options(ann)).hasText("BDBo Diddley");
      ann.messageField().press("Escape");
      assertThat(options(ann)).hasCount(0);
      ann.messageField().pressSequentially("d @bo");
      assertThat(options(ann)).hasCount(2);
      options(ann).first().click();
      assertThat(ann.messageField()).hasValue("@did @Bo Diddley ");
      assertThat(ann.messageField()).isFocused();
      ann.messageField().press("Enter");
      ann.assertMessages("@did @Bo Diddley");
    }
  }

  @Test
  void aMentionIsHighlightedAndCountedInTheListOfRooms() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab ann = TABS.join(chat, "Ann");
      Tab bob = TABS.join(chat, "Bob");
      Tab cem = TABS.join(chat, "Cem").switchToRoom("tea");
      ann.assertParticipants("Ann", "Bob", "Cem");
      ann.send("hello all");
      assertThat(cem.room("lobby")).containsText("1 unread");
      assertThat(cem.room("lobby")).not().containsText("you were mentioned");
      ann.send("are you there, @cem?");
      assertThat(cem.room("lobby")).containsText("2 unread");
      assertThat(cem.room("lobby")).containsText("you were mentioned");
      cem.screenshot("rooms-mention-badge");
      cem.page().reload();
      cem.awaitJoined();
      assertThat(cem.room("lobby")).containsText("2 unread");
      assertThat(cem.room("lobby")).containsText("you were mentioned");
      cem.room("lobby").click();
      assertThat(cem.message("are you there")).hasClass(MENTION);
      assertThat(cem.message("are you there")).containsText("mentions you");
      assertThat(cem.message("hello all")).not().hasClass(MENTION);
      assertThat(cem.room("lobby")).not().containsText("you were mentioned");
      Axe.assertFindsNothingInLightAndDark(cem, "a mention");
      cem.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
      cem.page().setViewportSize(390, 844);
      cem.messageField().pressSequentially("@");
      assertThat(options(cem)).hasCount(2);
      cem.screenshot("rooms-mention-phone-dark");
      for (Tab tab : new Tab[] {ann, bob}) {
        assertThat(tab.message("are you there")).not().hasClass(MENTION);
      }
    }
  }

  private static Locator options(Tab tab) {
    return tab.page().getByRole(AriaRole.OPTION);
  }

  private static void assertSelected(Tab tab, int index) {
    assertThat(tab.messageField()).hasAttribute("aria-activedescendant", "mention-" + index);
    assertThat(options(tab).nth(index)).hasAttribute("aria-selected", "true");
  }
}
