package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.testkit.WireClient;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The page of {@link RoomsExample} in real browsers: older messages, and messages of other rooms.
 */
class RoomsHistoryBrowserTest {
  /** The number of messages that the page requests at once. */
  private static final int PAGE_SIZE = 50;

  /** The number of messages that the room stores. */
  private static final int HISTORY_SIZE = 100;

  @RegisterExtension static final BrowserTabs TABS = new BrowserTabs();

  @Test
  void scrollingUpLoadsOlderMessages() throws Exception {
    try (RunningExample chat = TABS.start()) {
      publishMessages(chat, "Cem", 1, 65);
      publishMessages(chat, "Dora", 66, 130);
      Tab ann = TABS.join(chat, "Ann");
      ann.assertMessages(lines(130 - PAGE_SIZE + 1, 130));
      assertThat(ann.messages().last()).isInViewport();
      assertThat(ann.log().locator("article time")).hasCount(PAGE_SIZE);

      double before = scrollUp(ann, 81);
      ann.assertMessages(lines(130 - HISTORY_SIZE + 1, 130));
      assertEquals(before, top(ann, 81), 2, "what was being read has moved");
      scrollUp(ann, 31);
      assertThat(ann.notes().first()).hasText("Older messages are not kept");
      ann.assertMessages(lines(130 - HISTORY_SIZE + 1, 130));

      publishMessages(chat, "Eve", 131, 132);
      ann.assertMessages(lines(130 - HISTORY_SIZE + 1, 132));
      assertThat(ann.messages().first()).isInViewport();
      ann.button("2 new messages").click();
      assertThat(ann.messages().last()).isInViewport();
    }
  }

  @Test
  void unreadMessagesOfOtherRoomsAreCounted() throws Exception {
    try (RunningExample chat = TABS.start()) {
      Tab ann = TABS.join(chat, "Ann").switchToRoom("tea");
      publishMessages(chat, "Cem", 1, 3);
      assertThat(ann.room("lobby")).containsText("3 unread");
      assertThat(ann.page()).hasTitle("(3) tea · Rooms");
      assertThat(ann.messages()).hasCount(0);
      ann.room("lobby").click();
      ann.assertMessages(lines(1, 3));
      assertThat(ann.page()).hasTitle("lobby · Rooms");
      assertThat(ann.room("lobby")).not().containsText("unread");
      ann.room("tea").click();
      publishMessages(chat, "Cem", 4, 60);
      publishMessages(chat, "Dora", 61, 120);
      assertThat(ann.room("lobby")).containsText("99+ unread");
      assertThat(ann.page()).hasTitle("(99+) tea · Rooms");
    }
  }

  private static String[] lines(int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(n -> "message " + n).toArray(String[]::new);
  }

  /** Publishes messages in the lobby as a participant that leaves afterwards. */
  private static void publishMessages(RunningExample chat, String name, int first, int last)
      throws Exception {
    try (WireClient wire = chat.connect("/connection/websocket")) {
      wire.text(
          "{\"id\":1,\"connect\":{\"data\":{\"name\":\"%s\"}}}\n{\"id\":2,\"subscribe\":{\"channel\":\"lobby\"}}"
              .formatted(name));
      for (int n = first; n <= last; n++) {
        wire.text(
            "{\"id\":%d,\"publish\":{\"channel\":\"lobby\",\"data\":{\"text\":\"message %d\"}}}"
                .formatted(1000 + n, n));
      }
      String answer = "{\"id\":%d,\"publish\"".formatted(1000 + last);
      String received = wire.nextText();
      while (!received.contains(answer)) {
        received = wire.nextText();
      }
    }
  }

  /** Scrolls to the top, and returns where on the screen a message is then. */
  private static double scrollUp(Tab tab, int offset) {
    tab.log().evaluate("log => log.scrollTop = 0");
    return top(tab, offset);
  }

  private static double top(Tab tab, int offset) {
    return tab.log().locator("[data-offset='" + offset + "']").boundingBox().y;
  }
}
