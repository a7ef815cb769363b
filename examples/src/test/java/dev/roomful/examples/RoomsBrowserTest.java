package dev.roomful.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page of {@link Rooms} in real browsers: people talk, go and come back. */
class RoomsBrowserTest {
  private static final String MARKUP =
      "<b>x</b><img src=x onerror=alert(1)><script>alert(2)</script>";

  @RegisterExtension static final Crowd CROWD = new Crowd();

  @ParameterizedTest
  @EnumSource
  void twoPeopleTalkAndSeeWhoIsHereAndWhoIsTyping(Host.Kind server) throws Exception {
    try (Running chat = Running.start(server, Example.ROOMS)) {
      Tab ann = CROWD.enter(chat, "Ann");
      assertThat(ann.log()).containsText("This is where lobby begins");
      Tab bob = CROWD.enter(chat, "Bob");
      ann.assertHere("Ann", "Bob");
      bob.assertHere("Ann", "Bob");
      assertThat(ann.person("Ann")).containsText("you · owner");
      assertThat(bob.person("Bob")).containsText("you");
      assertThat(bob.title()).hasText("lobby");

      ann.say("Hello Bob");
      bob.assertSaid("Hello Bob");
      assertThat(bob.message("Hello Bob").locator(".who .name")).hasText("Ann");
      bob.field().pressSequentially("Hel");
      assertThat(ann.typing()).hasText("Bob is typing…");
      bob.say("Hello Ann");
      ann.assertSaid("Hello Bob", "Hello Ann");
      assertThat(ann.typing()).hasText("");
      assertThat(ann.message("Hello Ann").locator(".who .name")).hasText("Bob");

      ann.say(MARKUP);
      for (Tab tab : new Tab[] {ann, bob}) {
        tab.assertSaid("Hello Bob", "Hello Ann", MARKUP);
        assertThat(tab.log().locator(".what *")).hasCount(0);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoComesBackIsTheSameAndSeesWhatWasSaidMeanwhile(Host.Kind server) throws Exception {
    try (Running chat = Running.start(server, Example.ROOMS)) {
      Tab ann = CROWD.enter(chat, "Ann");
      Tab bob = CROWD.enter(chat, "Bob").say("Until later");
      ann.assertSaid("Until later");
      bob.page().close();
      ann.assertHere("Ann");
      assertThat(ann.notes().last()).hasText("Bob left");
      ann.say("Bob has gone").say("What a pity");
      ann.assertSaid("Until later", "Bob has gone", "What a pity");

      Tab again = CROWD.open(bob.browser(), chat.page("/")).awaitConnected();
      again.assertSaid("Until later", "Bob has gone", "What a pity");
      assertThat(again.log().locator(".line")).hasText("New");
      assertThat(again.log().locator(".line + article .what")).hasText("Bob has gone");
      assertThat(again.person("Bob")).containsText("you");
      ann.assertHere("Ann", "Bob");
      assertThat(ann.notes())
          .hasText(new String[] {"This is where lobby begins", "Bob came", "Bob left", "Bob came"});
      again.say("Here I am");
      ann.assertSaid("Until later", "Bob has gone", "What a pity", "Here I am");
      assertThat(again.log().locator(".line")).hasCount(0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void tabsOfOneBrowserAreOnePerson(Host.Kind server) throws Exception {
    try (Running chat = Running.start(server, Example.ROOMS)) {
      Tab bob = CROWD.enter(chat, "Bob");
      Tab ann = CROWD.enter(chat, "Ann");
      Tab second = CROWD.beside(ann).awaitConnected();
      for (Tab tab : new Tab[] {ann, second, bob}) {
        tab.assertHere("Bob", "Ann");
      }
      ann.say("from the first tab");
      bob.assertSaid("from the first tab");
      second.say("from the second tab");
      for (Tab tab : new Tab[] {ann, second, bob}) {
        tab.assertSaid("from the first tab", "from the second tab");
      }

      ann.go("tea");
      second.go("tea");
      bob.say("where are you?");
      assertThat(ann.room("lobby")).containsText("1 unread");
      assertThat(second.room("lobby")).containsText("1 unread");
      ann.room("lobby").click();
      ann.assertSaid("from the first tab", "from the second tab", "where are you?");
      assertThat(second.room("lobby")).not().containsText("unread");

      second.page().close();
      ann.say("only here now");
      bob.assertSaid(
          "from the first tab", "from the second tab", "where are you?", "only here now");
      bob.assertHere("Bob", "Ann");
      assertThat(bob.notes().last()).hasText("Ann came");
      ann.page().close();
      bob.assertHere("Bob");
      assertThat(bob.notes().last()).hasText("Ann left");
    }
  }
}
