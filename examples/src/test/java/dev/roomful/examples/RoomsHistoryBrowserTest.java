package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.testkit.WireClient;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page of {@link Rooms} in real browsers: what was said before, and in other rooms. */
class RoomsHistoryBrowserTest {
  /** As many as the page asks for at once. */
  private static final int PAGE = 50;

  /** As many as the room keeps. */
  private static final int KEPT = 100;

  @RegisterExtension static final Crowd CROWD = new Crowd();

  @ParameterizedTest
  @EnumSource
  void aNewcomerScrollsUpForWhatWasSaidBefore(Host.Kind server) throws Exception {
    try (Running chat = Running.start(server, Example.ROOMS)) {
      say(chat, "Cem", 1, 65);
      say(chat, "Dora", 66, 130);
      Tab ann = CROWD.enter(chat, "Ann");
      ann.assertSaid(lines(130 - PAGE + 1, 130));
      assertThat(ann.messages().last()).isInViewport();

      double before = scrollUp(ann, 81);
      ann.assertSaid(lines(130 - KEPT + 1, 130));
      assertEquals(before, top(ann, 81), 2, "what was being read has moved");
      scrollUp(ann, 31);
      assertThat(ann.notes().first()).hasText("Older messages are not kept");
      ann.assertSaid(lines(130 - KEPT + 1, 130));

      say(chat, "Eve", 131, 132);
      ann.assertSaid(lines(130 - KEPT + 1, 132));
      assertThat(ann.messages().first()).isInViewport();
      ann.button("2 new messages").click();
      assertThat(ann.messages().last()).isInViewport();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsSaidInAnotherRoomIsCounted(Host.Kind server) throws Exception {
    try (Running chat = Running.start(server, Example.ROOMS)) {
      Tab ann = CROWD.enter(chat, "Ann").go("tea");
      say(chat, "Cem", 1, 3);
      assertThat(ann.room("lobby")).containsText("3 unread");
      assertThat(ann.page()).hasTitle("(3) tea · Rooms");
      assertThat(ann.messages()).hasCount(0);
      ann.room("lobby").click();
      ann.assertSaid(lines(1, 3));
      assertThat(ann.page()).hasTitle("lobby · Rooms");
      assertThat(ann.room("lobby")).not().containsText("unread");
      ann.room("tea").click();
      say(chat, "Cem", 4, 60);
      say(chat, "Dora", 61, 120);
      assertThat(ann.room("lobby")).containsText("99+ unread");
      assertThat(ann.page()).hasTitle("(99+) tea · Rooms");
    }
  }

  private static String[] lines(int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(n -> "message " + n).toArray(String[]::new);
  }

  /** Somebody says these in the lobby, faster than a person, and leaves. */
  private static void say(Running chat, String name, int first, int last) throws Exception {
    try (WireClient wire = chat.enter("/connection/websocket")) {
      wire.text(
          "{\"id\":1,\"connect\":{\"data\":{\"name\":\"%s\"}}}\n{\"id\":2,\"subscribe\":{\"channel\":\"lobby\"}}"
              .formatted(name));
      for (int n = first; n <= last; n++) {
        wire.text(
            "{\"id\":%d,\"publish\":{\"channel\":\"lobby\",\"data\":{\"text\":\"message %d\"}}}"
                .formatted(1000 + n, n));
      }
      String answer = "{\"id\":%d,\"publish\"".formatted(1000 + last);
      String heard = wire.nextText();
      while (!heard.contains(answer)) {
        heard = wire.nextText();
      }
    }
  }

  /** To the top of all that is there; returns where on the screen a message is then. */
  private static double scrollUp(Tab tab, int offset) {
    tab.log().evaluate("log => log.scrollTop = 0");
    return top(tab, offset);
  }

  private static double top(Tab tab, int offset) {
    return tab.log().locator("[data-offset='" + offset + "']").boundingBox().y;
  }
}
