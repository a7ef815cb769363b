package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page of {@link RoomsExample} in real browsers, with an archive: messages that the room does
 * not store any more.
 */
class RoomsArchiveBrowserTest {
  /** More than the room stores, and more than the page keeps while the user reads the newest. */
  private static final int MESSAGES = 700;

  private static final String BEGINNING = "This is where lobby begins";

  @RegisterExtension static final BrowserTabs TABS = new BrowserTabs();

  @TempDir private Path folder;

  private RunningExample start() throws Exception {
    ChatSettings settings = RunningExample.settings(Example.ROOMS);
    return TABS.start(
        settings
            .withLimits(settings.limits().withMessagesPerSecond(0))
            .withArchive(MessageArchive.in(folder)));
  }

  @Test
  void theUserReadsBackToTheFirstMessageAlsoAfterARestart() throws Exception {
    String[] lines =
        Stream.concat(
                Stream.of("message 1", "lemon cake (edited)", "message 4"),
                IntStream.rangeClosed(5, MESSAGES).mapToObj(n -> "message " + n))
            .toArray(String[]::new);
    try (RunningExample chat = start();
        RoomsClient cem = RoomsClient.connect(chat, "Cem")) {
      publishMessages(cem);
      Tab ann = TABS.join(chat, "Ann");
      readBack(ann);
      ann.assertMessages(lines);
      assertThat(ann.messages().nth(2).locator(".reaction")).hasText("👍 1");
      assertThat(ann.messages().nth(2).locator(".reaction")).isDisabled();
      ann.openMenuOfMessage("lemon cake");
      assertThat(ann.page().getByRole(AriaRole.MENU)).containsText("Reply");
      assertThat(ann.page().getByRole(AriaRole.MENU)).not().containsText("reaction");
      ann.page().keyboard().press("Escape");
      assertThat(ann.messages().first()).isInViewport();
      ann.screenshot("rooms-archive");

      cem.publish("lobby", "{\"text\":\"one more\"}");
      ann.button("1 new message").click();
      assertThat(ann.message("one more")).isInViewport();
      assertThat(ann.message("lemon cake")).hasCount(0); // is not kept by the page
      ann.openMenuOfMessage("one more").chooseMenuItem("Add a reaction");
      ann.chooseMenuItem("👍 Thumbs up");
      assertThat(ann.message("one more").locator(".reaction")).hasText("👍 1");
    }
    try (RunningExample restarted = start()) {
      Tab bob = TABS.open(restarted.uri("/"));
      bob.page().setViewportSize(390, 844);
      bob.join("Bob");
      assertThat(bob.message("one more")).isInViewport();
      bob.openMenuOfMessage("one more").chooseMenuItem("Reply");
      bob.send("and another one");
      assertThat(bob.messages().last()).containsText("In reply to Cem: one more");

      bob.messageField().press("Control+Shift+F");
      Locator searchField = bob.page().getByRole(AriaRole.SEARCH).getByRole(AriaRole.TEXTBOX);
      searchField.fill("LEMON");
      bob.button("Search older messages").click();
      assertThat(bob.log().locator(".found")).containsText("lemon cake (edited)");
      assertThat(bob.log().locator(".found")).isInViewport();
      bob.screenshot("rooms-archive-phone");
      readBack(bob);
      searchField.fill("secret");
      assertThat(bob.page().getByRole(AriaRole.SEARCH).getByRole(AriaRole.STATUS))
          .hasText("No matches");
      bob.assertMessages(
          Stream.concat(Stream.of(lines), Stream.of("one more", "and another one"))
              .toArray(String[]::new));
    }
  }

  /** Publishes messages of which the second one is edited, the third one deleted. */
  private static void publishMessages(RoomsClient cem) {
    String epoch = cem.subscribe("lobby").path("epoch").asString();
    for (int n = 1; n <= MESSAGES; n++) {
      String text = n == 3 ? "a secret" : "message " + n;
      cem.publish("lobby", "{\"text\":\"" + text + "\"}");
      if (n == 10) {
        String edit = "{\"amend\":\"edit\",\"target\":\"%s:2\",\"text\":\"lemon cake\"}";
        cem.publish("lobby", edit.formatted(epoch));
        String react = "{\"amend\":\"react\",\"target\":\"%s:4\",\"reaction\":\"👍\"}";
        cem.publish("lobby", react.formatted(epoch));
        String third = "{\"room\":\"lobby\",\"epoch\":\"%s\",\"offset\":3}";
        assertTrue(cem.call("remove", third.formatted(epoch)).isEmpty());
      }
    }
  }

  /** Scrolls up again and again until there is the note about the beginning. */
  private static void readBack(Tab tab) {
    Locator log = tab.log();
    for (int page = 0; page < MESSAGES; page++) {
      int messages = tab.messages().count();
      log.evaluate("log => log.scrollTop = 0");
      Locator more = tab.messages().nth(messages);
      assertThat(more.or(tab.notes().first().getByText(BEGINNING)).first()).isAttached();
      if (tab.notes().first().innerText().equals(BEGINNING)) {
        log.evaluate("log => log.scrollTop = 0");
        return;
      }
    }
    assertThat(tab.notes().first()).hasText(BEGINNING);
  }
}
