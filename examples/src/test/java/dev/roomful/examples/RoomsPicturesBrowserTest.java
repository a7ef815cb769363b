package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page of {@link RoomsExample} in a real browser: the layout, of which it takes pictures. */
class RoomsPicturesBrowserTest {
  @RegisterExtension static final BrowserTabs TABS = new BrowserTabs();

  @Test
  void thePageFitsDesktopsAndPhonesInLightAndDark() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab mira = TABS.join(chat, "Mira Okafor");
      Tab jonas = TABS.join(chat, "Jonas Weber");
      Tab lucia = TABS.join(chat, "Lucía Prieto");
      mira.button("Room menu").click();
      mira.chooseMenuItem("Change the topic");
      mira.submitDialog("Release 2.4 goes out on Thursday", "Save");
      exchangeMessages(mira, jonas, lucia);
      fillOtherRooms(mira, jonas, lucia);

      assertFitsAndTakePicture(mira, "rooms-desktop");
      setColours(mira, ColorScheme.DARK);
      assertFitsAndTakePicture(mira, "rooms-dark");
      mira.openMenuOfPerson("Jonas");
      assertFitsAndTakePicture(mira, "rooms-dark-menu");
      mira.page().keyboard().press("Escape");
      mira.page().setViewportSize(390, 844);
      assertFitsAndTakePicture(mira, "rooms-phone-dark");
      setColours(mira, ColorScheme.LIGHT);
      assertFitsAndTakePicture(mira, "rooms-phone");
      mira.button("Show rooms There are unread messages").click();
      assertThat(mira.room("design")).isInViewport();
      assertFitsAndTakePicture(mira, "rooms-phone-drawer");
      mira.page().locator("#self").click();
      assertThat(mira.page().getByRole(AriaRole.DIALOG)).isVisible();
      mira.screenshot("rooms-phone-settings");
      mira.page().keyboard().press("Escape");
      mira.button("Close the list of rooms").click();

      mira.openMenuOfMessage("Take your time").chooseMenuItem("Add a reaction");
      mira.screenshot("rooms-phone-reaction-menu");
      mira.chooseMenuItem("👍 Thumbs up");
      jonas.openMenuOfMessage("Take your time").chooseMenuItem("Add a reaction");
      jonas.chooseMenuItem("👍 Thumbs up");
      assertThat(mira.messages().locator(".reaction")).hasText("👍 2");
      mira.openMenuOfMessage("Take your time").chooseMenuItem("Edit this message");
      assertFitsAndTakePicture(mira, "rooms-phone-edit", mira.message("Take your time"));
    }
  }

  private static void exchangeMessages(Tab mira, Tab jonas, Tab lucia) {
    sendAndAwaitSent(mira, "Morning! The candidate is up: https://example.org/releases/2.4");
    sendAndAwaitSent(mira, "Could you both give it a try on your own machines before lunch?");
    sendAndAwaitSent(jonas, "Installed. Search is noticeably faster than last week");
    sendAndAwaitSent(
        lucia, "Same here. One thing: the export still writes dates without a time zone");
    sendAndAwaitSent(jonas, "Good catch, that one is mine. There will be a fix in half an hour");
    sendAndAwaitSent(mira, "Take your time, we have until Thursday");
    sendAndAwaitSent(lucia, "¡Gracias! I will go through the translations in the meantime");
    sendAndAwaitSent(jonas, "The fix is in: dates carry their zone now");
    sendAndAwaitSent(lucia, "Confirmed, works for me");
  }

  /** Adds unread messages in three other rooms, and a participant who is typing. */
  private static void fillOtherRooms(Tab mira, Tab jonas, Tab lucia) {
    for (String room : new String[] {"design", "support", "tea-kitchen"}) {
      mira.switchToRoom(room);
    }
    jonas.openMenuOfPerson("Mira").chooseMenuItem("Write a direct message");
    sendAndAwaitSent(jonas, "Do you have five minutes after the stand-up?");
    mira.room("lobby").click();
    jonas.switchToRoom("design");
    sendAndAwaitSent(jonas, "The new icons are in the shared folder");
    sendAndAwaitSent(jonas, "Comments are welcome until Wednesday");
    sendAndAwaitSent(jonas, "Especially about the small sizes");
    lucia.switchToRoom("tea-kitchen");
    sendAndAwaitSent(lucia, "There is cake!");
    lucia.room("lobby").click();
    jonas.room("lobby").click();
    assertThat(mira.room("design")).containsText("3 unread");
    assertThat(mira.room("tea-kitchen")).containsText("1 unread");
    assertThat(mira.room("Jonas Weber")).containsText("1 unread");
    mira.assertParticipants("Mira Okafor", "Jonas Weber", "Lucía Prieto");
    lucia.messageField().fill("And");
    assertThat(mira.typing()).hasText("Lucía Prieto is typing…");
  }

  /** Returns when the sender sees that the message has been sent. */
  private static void sendAndAwaitSent(Tab tab, String text) {
    tab.send(text);
    assertThat(tab.message(text)).hasAttribute("data-state", "sent");
  }

  private static void setColours(Tab tab, ColorScheme colours) {
    tab.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(colours));
  }

  private static void assertFitsAndTakePicture(Tab tab, String name) {
    assertFitsAndTakePicture(tab, name, tab.messages().last());
  }

  private static void assertFitsAndTakePicture(Tab tab, String name, Locator message) {
    tab.screenshot(name);
    assertEquals(
        true,
        tab.page()
            .evaluate(
                "document.documentElement.scrollWidth === innerWidth"
                    + " && document.documentElement.scrollHeight === innerHeight"),
        () -> name + " does not fit");
    assertThat(tab.messageField()).isInViewport();
    assertThat(message).isInViewport();
  }
}
