package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page of {@link Rooms} in a real browser, as people see it; leaves pictures behind. */
class RoomsPicturesBrowserTest {
  @RegisterExtension static final Crowd CROWD = new Crowd();

  @Test
  void thePageFitsDesktopsAndPhonesInLightAndDark() throws Exception {
    try (Running chat = Running.start(Host.Kind.JETTY, Example.ROOMS)) {
      Tab mira = CROWD.enter(chat, "Mira Okafor");
      Tab jonas = CROWD.enter(chat, "Jonas Weber");
      Tab lucia = CROWD.enter(chat, "Lucía Prieto");
      mira.button("Room menu").click();
      mira.choose("Change the topic");
      mira.answer("Release 2.4 goes out on Thursday", "Save");
      talk(mira, jonas, lucia);
      elsewhere(mira, jonas, lucia);

      assertFitsAndTakePicture(mira, "rooms-desktop");
      colours(mira, ColorScheme.DARK);
      assertFitsAndTakePicture(mira, "rooms-dark");
      mira.openMenuOf("Jonas");
      assertFitsAndTakePicture(mira, "rooms-dark-menu");
      mira.page().keyboard().press("Escape");
      mira.page().setViewportSize(390, 844);
      assertFitsAndTakePicture(mira, "rooms-phone-dark");
      colours(mira, ColorScheme.LIGHT);
      assertFitsAndTakePicture(mira, "rooms-phone");
      mira.button("Show rooms There are unread messages").click();
      assertThat(mira.room("design")).isInViewport();
      assertFitsAndTakePicture(mira, "rooms-phone-drawer");
    }
  }

  private static void talk(Tab mira, Tab jonas, Tab lucia) {
    say(mira, "Morning! The candidate is up: https://example.org/releases/2.4");
    say(mira, "Could you both give it a try on your own machines before lunch?");
    say(jonas, "Installed. Search is noticeably faster than last week");
    say(lucia, "Same here. One thing: the export still writes dates without a time zone");
    say(jonas, "Good catch, that one is mine. There will be a fix in half an hour");
    say(mira, "Take your time, we have until Thursday");
    say(lucia, "¡Gracias! I will go through the translations in the meantime");
    say(jonas, "The fix is in: dates carry their zone now");
    say(lucia, "Confirmed, works for me");
  }

  /** There is more to read in three other rooms, and somebody is typing. */
  private static void elsewhere(Tab mira, Tab jonas, Tab lucia) {
    for (String room : new String[] {"design", "support", "tea-kitchen"}) {
      mira.go(room);
    }
    jonas.openMenuOf("Mira").choose("Write a direct message");
    say(jonas, "Do you have five minutes after the stand-up?");
    mira.room("lobby").click();
    jonas.go("design");
    say(jonas, "The new icons are in the shared folder");
    say(jonas, "Comments are welcome until Wednesday");
    say(jonas, "Especially about the small sizes");
    lucia.go("tea-kitchen");
    say(lucia, "There is cake!");
    lucia.room("lobby").click();
    jonas.room("lobby").click();
    assertThat(mira.room("design")).containsText("3 unread");
    assertThat(mira.room("tea-kitchen")).containsText("1 unread");
    assertThat(mira.room("Jonas Weber")).containsText("1 unread");
    mira.assertHere("Mira Okafor", "Jonas Weber", "Lucía Prieto");
    lucia.field().fill("And");
    assertThat(mira.typing()).hasText("Lucía Prieto is typing…");
  }

  /** Returns when the one who says it sees that it is said. */
  private static void say(Tab tab, String text) {
    tab.say(text);
    assertThat(tab.message(text)).hasAttribute("data-state", "sent");
  }

  private static void colours(Tab tab, ColorScheme colours) {
    tab.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(colours));
  }

  private static void assertFitsAndTakePicture(Tab tab, String name) {
    tab.screenshot(name);
    assertEquals(
        true,
        tab.page()
            .evaluate(
                "document.documentElement.scrollWidth === innerWidth"
                    + " && document.documentElement.scrollHeight === innerHeight"),
        () -> name + " does not fit");
    assertThat(tab.field()).isInViewport();
    assertThat(tab.messages().last()).isInViewport();
  }
}
